"use strict";
(() => {
  const root = document.documentElement;
  window.onerror = (message) => root.setAttribute("data-error", message);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Light or dark: the reader's system decides until the button is used.
  const theme = document.getElementById("theme");
  const remembered = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
  if (remembered) root.dataset.theme = remembered;
  theme.hidden = false;
  theme.onclick = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* a page from a file may not store */ }
  };

  // A click on a heading sorts by its column, numbers as numbers; one more turns the order round.
  for (const table of all("table.sortable")) {
    table.classList.add("sorted");
    all("thead th", table).forEach((heading, column) => {
      heading.tabIndex = 0;
      const sort = () => {
        const falling = heading.ariaSort === "ascending";
        all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
        heading.ariaSort = falling ? "descending" : "ascending";
        const text = (row) => row.cells[column].textContent;
        const order = (a, b) => (isNaN(text(a)) || isNaN(text(b)) ? text(a).localeCompare(text(b)) : text(a) - text(b));
        const body = table.tBodies[0];
        body.append(...[...body.rows].sort((a, b) => (falling ? order(b, a) : order(a, b))));
      };
      heading.onclick = sort;
      heading.onkeydown = (event) => { if (event.key === "Enter") sort(); };
    });
  }

  // The slider shows where the first samples of a walk stand. Its pictures are read when the walk is opened.
  const prepare = (walk) => {
    const slider = walk.querySelector(".slider");
    if (!slider || !slider.hidden) return;
    const states = JSON.parse(slider.querySelector("script").textContent);
    const [img, input, output] = ["img", "input", "output"].map((name) => slider.querySelector(name));
    const show = () => {
      const s = states[input.value];
      img.src = s.source;
      output.textContent = s.k === 0 ? "start" : `after step ${s.k}, σ = ${s.sigma.toPrecision(3)}`;
    };
    img.onload = () => { img.width = img.naturalWidth * Math.max(1, Math.round(260 / img.naturalWidth)); };
    input.max = states.length - 1;
    input.value = input.max;
    input.oninput = show;
    show();
    slider.hidden = false;
  };
  for (const walk of all("details.walk")) {
    if (walk.open) prepare(walk);
    walk.addEventListener("toggle", () => { if (walk.open) prepare(walk); });
  }

  // A sweep's cells have the color of the chosen score; a chosen cell opens its walk right below the table.
  const color = (t) => {
    const stops = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
    const at = Math.min(stops.length - 2, Math.floor(t * (stops.length - 1)));
    const part = t * (stops.length - 1) - at;
    return stops[at].map((v, i) => Math.round(v + part * (stops[at + 1][i] - v)));
  };
  for (const sweep of all(".sweep")) {
    const select = sweep.querySelector("select");
    const cells = all(".cells a", sweep);
    const shown = document.createElement("div");
    sweep.append(shown);
    const paint = () => {
      const value = (cell) => Number(cell.dataset.values.split(" ")[select.value]);
      const finite = cells.map(value).filter(Number.isFinite);
      const low = Math.min(...finite), high = Math.max(...finite);
      const wide = low > 0 && high > 100 * low;
      const scale = (v) => (high === low ? 0.5 : wide ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low));
      for (const cell of cells) {
        const v = value(cell);
        cell.textContent = Number.isFinite(v) ? Number(v.toPrecision(3)) : "–";
        const rgb = Number.isFinite(v) ? color(scale(v)) : [128, 128, 128];
        cell.style.background = `rgb(${rgb})`;
        cell.style.color = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] > 130 ? "#000" : "#fff";
      }
    };
    if (select.options.length > 0) {
      sweep.querySelector(".choose").hidden = false;
      select.onchange = paint;
      paint();
    }
    for (const cell of cells) {
      cell.onclick = (event) => {
        event.preventDefault();
        choose(cell.hash.slice(1));
        history.replaceState(null, "", cell.hash);
      };
    }
    sweep.choose = (id) => {
      const cell = cells.find((c) => c.hash === "#" + id);
      if (!cell) return;
      cells.forEach((c) => c.classList.toggle("chosen", c === cell));
      for (const before of all("details", shown)) {
        before.open = false;
        before.home.before(before);
        before.home.remove();
      }
      const walk = document.getElementById(id);
      walk.home = document.createComment("");
      walk.before(walk.home);
      shown.append(walk);
    };
  }
  const choose = (id) => {
    const walk = document.getElementById(id);
    if (!walk || !walk.matches("details.walk")) return;
    all(".sweep").forEach((sweep) => sweep.choose(id));
    walk.open = true;
    prepare(walk);
    root.setAttribute("data-chosen", id);
  };
  const follow = () => choose(decodeURIComponent(location.hash.slice(1)));
  window.addEventListener("hashchange", follow);
  follow();
  root.setAttribute("data-ready", "");
})();
