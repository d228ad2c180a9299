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
        const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
        const compare = (a, b) => (isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b);
        const order = (a, b) => {
          if (key(a) === "" || key(b) === "") return (key(a) === "") - (key(b) === ""); // blanks last, in either order
          return falling ? compare(key(b), key(a)) : compare(key(a), key(b));
        };
        const body = table.tBodies[0];
        body.append(...[...body.rows].sort(order));
      };
      heading.onclick = sort;
      heading.onkeydown = (event) => { if (event.key === "Enter") sort(); };
    });
  }

  // The slider shows one state of a walk at a time, in larger size. Its pictures are those of the strip below it.
  const prepare = (walk) => {
    const slider = walk.querySelector(".slider");
    if (!slider || !slider.hidden) return;
    const states = all(".strip li", walk);
    const [img, input, output] = ["img", "input", "output"].map((name) => slider.querySelector(name));
    const show = () => {
      const state = states[input.value];
      const shown = state.querySelector("img");
      img.src = shown.src;
      img.alt = shown.alt;
      img.width = shown.getAttribute("width") * Math.max(1, Math.round(260 / shown.getAttribute("width")));
      output.textContent = state.querySelector(".when").textContent;
      states.forEach((other) => other.removeAttribute("aria-current"));
      state.setAttribute("aria-current", "step");
    };
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

  // A sweep's cells have the colors of the chosen score; a chosen cell opens its walk right below the table.
  for (const sweep of all(".sweep")) {
    const select = sweep.querySelector("select");
    const cells = all(".cells a", sweep);
    const legends = all(".legend", sweep);
    const shown = document.createElement("div");
    sweep.append(shown);
    const paint = () => {
      legends.forEach((legend, i) => { legend.hidden = i !== Number(select.value); });
      for (const cell of cells) {
        const shade = JSON.parse(cell.dataset.shades)[select.value];
        cell.classList.toggle("blank", !shade);
        cell.textContent = shade ? shade.text : "";
        cell.style.background = shade ? shade.back : "";
        cell.style.color = shade ? shade.ink : "";
        cell.ariaLabel = shade ? null : `${cell.title}: no score`;
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
      const walk = document.getElementById(id).closest("details");
      walk.home = document.createComment("");
      walk.before(walk.home);
      shown.append(walk);
    };
  }
  const choose = (id) => {
    const course = document.getElementById(id);
    if (!course || !course.matches(".course")) return;
    const walk = course.closest("details");
    all(".sweep").forEach((sweep) => sweep.choose(id));
    walk.open = true;
    prepare(walk);
    root.setAttribute("data-chosen", id);
  };
  const follow = () => choose(decodeURIComponent(location.hash.slice(1)));
  window.addEventListener("hashchange", follow);
  follow();

  // Escape, or a click beside a picture in full size, closes it.
  const close = () => {
    const full = document.querySelector(".full:target");
    if (full) location.hash = full.parentElement.id;
  };
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  for (const full of all(".full")) {
    full.addEventListener("click", (event) => {
      if (!full.matches(":target")) return;
      event.preventDefault();
      if (event.target === full) close();
    });
  }
  root.setAttribute("data-ready", "");
})();
