#!/usr/bin/python3
"""Makes unet/: values of this module's U-Net (nets/unet), computed by PyTorch in float64.

Run it in this folder with PyTorch 1.13 or later (Debian: apt-get install python3-torch). Weights are drawn by the rule
in README.md and are not stored: unet/NAME.tensors lists their names and shapes, in the order in which they are drawn.
"""
import json
import math
import struct
import zlib

import torch
import torch.nn as nn
import torch.nn.functional as F

NETWORKS = [
    dict(name="unet_gray", seed=1, channels=1, base=8, multipliers=[1, 2], blocks=1, attention=[8], size=16, batch=2),
    dict(name="unet_colour", seed=2, channels=3, base=8, multipliers=[1, 1, 2], blocks=2, attention=[8, 4], size=16,
         batch=3),
]


def norm(c):
    return nn.GroupNorm(min(32, c // 4), c, eps=1e-5)


class Block(nn.Module):
    def __init__(self, c_in, c_out, embedding):
        super().__init__()
        self.norm1, self.conv1 = norm(c_in), nn.Conv2d(c_in, c_out, 3, padding=1)
        self.embed = nn.Linear(embedding, c_out)
        self.norm2, self.conv2 = norm(c_out), nn.Conv2d(c_out, c_out, 3, padding=1)
        self.skip = nn.Conv2d(c_in, c_out, 1) if c_in != c_out else nn.Identity()

    def forward(self, x, e):
        h = self.conv1(F.silu(self.norm1(x))) + self.embed(e)[:, :, None, None]
        return self.skip(x) + self.conv2(F.silu(self.norm2(h)))


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm, self.qkv, self.proj = norm(c), nn.Conv2d(c, 3 * c, 1), nn.Conv2d(c, c, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, 3, c, h * w).unbind(1)
        a = torch.softmax(torch.bmm(q.transpose(1, 2), k) / math.sqrt(c), -1)
        return x + self.proj(torch.bmm(v, a.transpose(1, 2)).reshape(b, c, h, w))


class UNet(nn.Module):
    def __init__(self, channels, base, multipliers, blocks, attention, size):
        super().__init__()
        self.base, embedding = base, 4 * base
        self.embed = nn.Sequential(nn.Linear(base, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
        self.conv_in = nn.Conv2d(channels, base, 3, padding=1)
        self.down, self.up, skips, c, r = nn.ModuleList(), nn.ModuleList(), [base], base, size
        for i, m in enumerate(multipliers):
            for _ in range(blocks):
                level = nn.ModuleList([Block(c, base * m, embedding)])
                c = base * m
                if r in attention:
                    level.append(Attention(c))
                self.down.append(level)
                skips.append(c)
            if i < len(multipliers) - 1:
                self.down.append(nn.ModuleList([nn.Conv2d(c, c, 3, stride=2, padding=1)]))
                skips.append(c)
                r //= 2
        self.mid = nn.ModuleList([Block(c, c, embedding), Attention(c), Block(c, c, embedding)])
        for i, m in reversed(list(enumerate(multipliers))):
            for j in range(blocks + 1):
                level = nn.ModuleList([Block(c + skips.pop(), base * m, embedding)])
                c = base * m
                if r in attention:
                    level.append(Attention(c))
                if i and j == blocks:
                    level.append(nn.Conv2d(c, c, 3, padding=1))
                    r *= 2
                self.up.append(level)
        self.norm_out, self.conv_out = norm(c), nn.Conv2d(c, channels, 3, padding=1)

    def forward(self, x, c_noise):
        f = torch.exp(-math.log(10000) * torch.arange(self.base // 2).to(x) / (self.base // 2))
        a = 1000 * c_noise[:, None] * f
        e = F.silu(self.embed(torch.cat([a.cos(), a.sin()], 1)))
        h = self.conv_in(x)
        skips = [h]
        for level in self.down:
            for m in level:
                h = m(h, e) if isinstance(m, Block) else m(h)
            skips.append(h)
        h = self.mid[2](self.mid[1](self.mid[0](h, e)), e)
        for level in self.up:
            h = torch.cat([h, skips.pop()], 1)
            for m in level:
                if isinstance(m, Block):
                    h = m(h, e)
                elif isinstance(m, nn.Conv2d):
                    h = m(F.interpolate(h, scale_factor=2, mode="nearest"))
                else:
                    h = m(h)
        return self.conv_out(F.silu(self.norm_out(h)))


def save(path, tensors):
    """Writes safetensors of float32."""
    header, data = {}, b""
    for name, t in tensors.items():
        raw = t.detach().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def draw(shape, name, generator):
    """The rule of README.md for the weights of a network."""
    n = torch.randn(shape, generator=generator)
    if len(shape) > 1:
        return n * (0.8 / math.sqrt(n[0].numel()))
    return 1 + 0.1 * n if name.endswith("weight") else 0.1 * n


entries = []
for e in NETWORKS:
    net = UNet(e["channels"], e["base"], e["multipliers"], e["blocks"], e["attention"], e["size"])
    generator = torch.Generator().manual_seed(e["seed"])
    weights = {name: draw(p.shape, name, generator) for name, p in net.state_dict().items()}
    net.load_state_dict(weights)
    net = net.double()
    crc = 0
    with open(f"unet/{e['name']}.tensors", "w") as f:
        for name, p in weights.items():
            print(name, *p.shape, file=f)
            crc = zlib.crc32(p.numpy().tobytes(), crc)
    shape = (e["batch"], e["channels"], e["size"], e["size"])
    x, target = torch.randn(shape, generator=generator), torch.randn(shape, generator=generator)
    c_noise = torch.rand(e["batch"], generator=generator)
    save_io = dict(x=x, target=target, c_noise=c_noise, y=net(x.double(), c_noise.double()))
    save(f"unet/{e['name']}_io.safetensors", save_io)
    adam = dict(lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8)
    optimizer = torch.optim.Adam(net.parameters(), adam["lr"], (adam["beta1"], adam["beta2"]), adam["eps"])
    losses = []
    for step in range(3):
        optimizer.zero_grad()
        loss = F.mse_loss(net(x.double(), c_noise.double()), target.double())
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            save(f"unet/{e['name']}_grads.safetensors", {name: p.grad for name, p in net.named_parameters()})
        optimizer.step()
    save(f"unet/{e['name']}_after3.safetensors", dict(net.named_parameters()))
    parameters = sum(p.numel() for p in net.parameters())
    entries.append(dict(e, loss=losses[0], adam=dict(adam, losses=losses), parameters=parameters, crc32=crc))
with open("unet/unet.json", "w") as f:
    json.dump(entries, f, indent=1)
