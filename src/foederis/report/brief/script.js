"use strict";
// Switches the answer to a what-if, and turns the dials. Everything else works without it.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);

  function place(svg, low, middle, high) {
    const band = svg.querySelector(".band"), dot = svg.querySelector(".dot");
    if (low === null || middle === null || high === null) { svg.classList.add("unknown"); return; }
    svg.classList.remove("unknown");
    band.setAttribute("x", low + "%");
    band.setAttribute("width", Math.max(high - low, 0) + "%");
    dot.setAttribute("cx", middle + "%");
  }

  function put(node, text) { if (node) { node.textContent = text; } }

  function switches() {
    const select = document.getElementById("what-if");
    if (!select) { return; }
    const data = read("what-if-data");
    document.querySelector(".switch").hidden = false;
    const show = () => {
      const chosen = data[select.value];
      put(document.getElementById("what-if-said"), chosen.said);
      document.querySelectorAll("#answer .moved").forEach((node) => { node.hidden = select.value === ""; });
      document.querySelectorAll("#answer .between").forEach((node) => { node.hidden = select.value !== ""; });
      document.getElementById("answer").classList.toggle("switched", select.value !== "");
      document.querySelectorAll("[data-question]").forEach((row) => {
        const entry = chosen.rows[row.dataset.question];
        row.classList.toggle("absent", !entry);
        const known = entry || { value: "–", between: "", word: "", places: [null, null, null], spoken: "not asked" };
        put(row.querySelector(".value"), known.value);
        put(row.querySelector(".between > span"), known.between);
        put(row.querySelector(".word"), known.word || "");
        put(row.querySelector(".moved > :first-child"), known.moved || "");
        put(row.querySelector(".moved > :last-child"), known.around || "");
        const svg = row.querySelector("svg.bar");
        if (svg) { place(svg, ...known.places); put(svg.querySelector("desc"), known.spoken); }
      });
    };
    select.addEventListener("change", show);
    show();  // browsers keep what was chosen when a page is loaded again
  }

  // Numbers as the rest of the page writes them.
  function percent(share) {
    if (share <= 0 || share >= 1) { return (100 * Math.min(Math.max(share, 0), 1)).toFixed(0) + " %"; }
    if (share < 0.0005) { return "< 0.1 %"; }
    if (share > 0.9995) { return "> 99.9 %"; }
    return (100 * share).toFixed(Math.min(share, 1 - share) < 0.0995 ? 1 : 0) + " %";
  }

  function points(value) {
    if (Math.abs(value) < 1e-12) { return "0"; }
    const size = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3)))));
    if (size < -6 || size > 14) { return value.toExponential(2).replace("+", "").replaceAll("-", "−"); }
    const digits = Math.max(0, 2 - size);
    const text = value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return text.replace("-", "−");
  }

  function withUnit(value, isPercent, unit) { return ((isPercent ? percent(value) : points(value)) + " " + unit).trim(); }

  // Straight lines in each direction between the neighbouring points of the grid; answers stand in its order.
  function interpolate(answers, sizes, places) {
    let found = answers;
    for (let axis = 0; axis < sizes.length; axis += 1) {
      const below = Math.min(Math.floor(places[axis]), sizes[axis] - 2), part = places[axis] - below;
      const stride = found.length / sizes[axis], next = [];
      for (let k = 0; k < stride; k += 1) {
        const low = found[below * stride + k], high = found[(below + 1) * stride + k];
        next.push(part === 0 ? low : part === 1 ? high : low === null || high === null ? null : low + part * (high - low));
      }
      found = next;
    }
    return found[0];
  }

  function dials() {
    const panel = document.querySelector(".dials");
    if (!panel) { return; }
    const data = read("dial-data"), sizes = data.points.map((values) => values.length);
    panel.hidden = false;
    const inputs = data.names.map((name) => document.getElementById("dial-" + name));
    const show = () => {
      const places = inputs.map((input) => Number(input.value) / data.stops);
      inputs.forEach((input, axis) => {
        const value = interpolate(data.points[axis], [sizes[axis]], [places[axis]]);
        const text = withUnit(value, data.percent[axis], data.units[axis]);
        put(input.parentNode.querySelector("output"), text);
        input.setAttribute("aria-valuetext", text);
      });
      Object.entries(data.questions).forEach(([name, question]) => {
        const value = interpolate(question.answers, sizes, places);
        const text = value === null ? "no answer" : withUnit(value, question.share, question.unit);
        put(document.querySelector("[data-turned=\"" + name + "\"]"), text);
        const svg = document.querySelector("[data-bar=\"" + name + "\"] svg");
        const at = value === null ? null
          : 100 * Math.min(Math.max((value - question.low) / (question.high - question.low), 0), 1);
        place(svg, at, at, at);
        put(svg.querySelector("desc"), text);
      });
    };
    inputs.forEach((input) => input.addEventListener("input", show));
    document.getElementById("dials-reset").addEventListener("click", () => {
      inputs.forEach((input) => { input.value = input.defaultValue; });
      show();
    });
    show();
  }

  // On paper nothing can be opened: all but the file itself is opened before printing, and closed again after it.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not(.file):not([open])")];
    opened.forEach((node) => { node.open = true; });
  });
  window.addEventListener("afterprint", () => { opened.forEach((node) => { node.open = false; }); });

  document.documentElement.classList.add("scripted");
  switches();
  dials();
})();
