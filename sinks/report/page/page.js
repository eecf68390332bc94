"use strict";
// The page's only script. It draws the timeline, filters, and opens incidents. Log text is only ever set as textContent.
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const FIRST_LANES = 60; // drawn at once; more on request, so that thousands do not slow the page down
  const UNITS = 10000; // the width of a lane's drawing
  const bars = { failing: 24, stalled: 24, silent: 20, waiting: 14, progressing: 9, unknown: 9, suspended: 6, deleted: 2, ready: 6 };
  const view = { from: 0, to: data.span, lanes: FIRST_LANES };

  const make = (tag, className, text) => {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const svg = (tag, attrs) => {
    const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const k in attrs) e.setAttribute(k, attrs[k]);
    return e;
  };
  const status = (i) => data.statuses[i];
  const pad = (n) => String(n).padStart(2, "0");
  const clock = (ms, seconds) => {
    const d = new Date(data.from + ms);
    return pad(d.getUTCHours()) + ":" + pad(d.getUTCMinutes()) + (seconds ? ":" + pad(d.getUTCSeconds()) : "");
  };
  const day = (ms) => new Date(data.from + ms).toISOString().slice(5, 10);
  const span = (ms) => {
    const s = Math.round(ms / 1000);
    if (s < 60) return s + "s";
    if (s < 3600) return Math.floor(s / 60) + "m" + (s % 60 ? pad(s % 60) + "s" : "");
    if (s < 86400) return Math.floor(s / 3600) + "h" + pad(Math.floor(s / 60) % 60) + "m";
    return Math.floor(s / 86400) + "d" + pad(Math.floor(s / 3600) % 24) + "h";
  };

  // ---- lanes
  const segments = (lane) => lane.seg.length / 5;
  const segment = (lane, i) => {
    const [from, s, reason, revision, merged] = lane.seg.slice(5 * i, 5 * i + 5);
    return { from, to: i + 1 < segments(lane) ? lane.seg[5 * i + 5] : data.span, status: status(s), reason: data.reasons[reason], revision: data.revisions[revision], merged };
  };
  const marksOf = new Map();
  for (const m of data.marks || []) marksOf.set(m.l, (marksOf.get(m.l) || []).concat(m));

  // One path per status keeps a lane at a handful of elements, however many segments it has. Urgent ones are drawn last.
  function drawing(lane) {
    const paths = new Map(), times = new Map();
    for (let i = 0; i < segments(lane); i++) {
      const s = segment(lane, i), name = s.status.name, h = bars[name] || 9, y = 14 - h / 2;
      const x = (s.from / data.span * UNITS).toFixed(2), w = ((s.to - s.from) / data.span * UNITS).toFixed(2);
      paths.set(name, (paths.get(name) || "") + `M${x} ${y}h${w}v${h}h-${w}z`);
      times.set(name, (times.get(name) || 0) + s.to - s.from);
    }
    const told = [...times].sort((a, b) => b[1] - a[1]).map(([name, ms]) => name + " " + span(ms)).join(", ");
    const root = svg("svg", { viewBox: `0 0 ${UNITS} 28`, preserveAspectRatio: "none", role: "img", "aria-label": told });
    for (const { name } of [...data.statuses].reverse())
      if (paths.has(name)) root.append(svg("path", { d: paths.get(name), class: "s-" + name + (bars[name] > 10 ? " thick" : "") }));
    root.dataset.segments = segments(lane);
    return root;
  }

  function laneElement(lane, number) {
    const e = make("div", "lane s-" + status(lane.s).name + (lane.h ? " held" : ""));
    const label = make("div", "label"), text = make("div", "text"), name = make("bdi", "name");
    name.append(make("span", "ns", lane.ns ? lane.ns + "/" : ""), lane.n);
    text.append(name, make("span", "kind", lane.k));
    text.title = `${lane.k} ${lane.ns}/${lane.n}`;
    label.append(make("span", "sign", (lane.h ? "└" : "") + status(lane.s).mark), make("span", "vh", status(lane.s).name), text);
    const track = make("div", "track");
    track.append(drawing(lane));
    for (const m of marksOf.get(number) || []) track.append(flag(m));
    e.append(label, track);
    e.dataset.lane = number;
    return e;
  }

  function flag(m) {
    const b = make("button", "flag-button" + (m.o ? " open" : ""));
    b.type = "button";
    b.dataset.incident = m.i;
    b.setAttribute("aria-label", m.a);
    b.setAttribute("aria-haspopup", "dialog");
    b.mark = m;
    return b;
  }

  const built = new Map();
  const laneOf = (i) => {
    if (!built.has(i)) built.set(i, laneElement(data.lanes[i], i));
    return built.get(i);
  };

  const box = $("lanes"), axis = make("div", "axis"), grid = make("div", "grid"), list = make("div", "list");
  const cursor = make("i", "cursor"), band = make("i", "select");
  cursor.hidden = band.hidden = true;
  grid.append(cursor, band);
  box.append(axis, grid, list);
  box.hidden = !data.lanes.length;

  function drawLanes() {
    const hits = data.lanes.map((_, i) => i).filter((i) => matches(laneFacts(i)));
    list.replaceChildren(...hits.slice(0, view.lanes).map(laneOf));
    const shown = Math.min(hits.length, view.lanes), all = data.lanes.length;
    $("lane-note").textContent = shown < hits.length ? `Showing ${shown} of ${hits.length} lanes, the most urgent first. Filter to see others.`
      : hits.length < all ? `Showing ${shown} of ${all} lanes; the filter hides the others.` : all ? "" : "No object was seen.";
    $("more-lanes").hidden = shown >= hits.length;
    place();
    return hits.length;
  }

  // place applies the zoom to everything drawn.
  function place() {
    const width = view.to - view.from, box = `${view.from / data.span * UNITS} 0 ${width / data.span * UNITS} 28`;
    for (const s of list.querySelectorAll("svg")) s.setAttribute("viewBox", box);
    for (const b of list.querySelectorAll(".flag-button")) {
      const from = Math.max(b.mark.f, view.from), to = Math.min(b.mark.t, view.to);
      b.hidden = b.mark.t < view.from || b.mark.f > view.to;
      b.style.left = `min(${(from - view.from) / width * 100}%, 100% - 10px)`;
      b.style.width = Math.max(0, to - from) / width * 100 + "%";
    }
    drawAxis(width);
  }

  function drawAxis(width) {
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800].map((s) => s * 1000);
    const room = Math.max(2, Math.floor(axis.clientWidth / 92)), step = steps.find((s) => width / s <= room) || width / room;
    const offset = data.from % step, labels = [], lines = [];
    for (let at = Math.ceil((view.from + offset) / step) * step - offset; at <= view.to; at += step) {
      const x = (at - view.from) / width, midnight = (data.from + at) % 86400000 === 0;
      const t = make("span", x < .03 ? "first" : x > .97 ? "last" : "", step >= 86400000 || midnight ? day(at) : clock(at, step < 60000));
      const l = make("i");
      t.style.left = l.style.left = x * 100 + "%";
      labels.push(t);
      lines.push(l);
    }
    axis.replaceChildren(...labels);
    grid.replaceChildren(...lines, cursor, band);
  }

  // ---- zoom
  function zoom(from, to) {
    const least = Math.min(data.span, 10000), width = Math.min(data.span, Math.max(least, to - from));
    view.from = Math.min(Math.max(0, from), data.span - width);
    view.to = view.from + width;
    place();
  }
  const steps = {
    in: (w) => [view.from + w / 4, view.to - w / 4], out: (w) => [view.from - w / 2, view.to + w / 2],
    left: (w) => [view.from - w / 3, view.to - w / 3], right: (w) => [view.from + w / 3, view.to + w / 3], all: () => [0, data.span],
  };
  for (const b of document.querySelectorAll("[data-zoom]")) b.addEventListener("click", () => zoom(...steps[b.dataset.zoom](view.to - view.from)));

  const timeAt = (x) => {
    const r = axis.getBoundingClientRect();
    return view.from + Math.min(1, Math.max(0, (x - r.left) / r.width)) * (view.to - view.from);
  };
  const left = (ms) => (ms - view.from) / (view.to - view.from) * 100 + "%";
  let drag = null;
  box.addEventListener("pointerdown", (e) => {
    if (e.pointerType !== "mouse" || e.button || !e.target.closest(".track, .axis") || e.target.closest("button")) return;
    drag = timeAt(e.clientX);
    e.preventDefault();
  });
  addEventListener("pointerup", (e) => {
    if (drag === null) return;
    const [a, b] = [drag, timeAt(e.clientX)].sort((x, y) => x - y);
    drag = null;
    band.hidden = true;
    if (b - a > (view.to - view.from) / 200) zoom(a, b);
  });
  addEventListener("resize", () => drawAxis(view.to - view.from));

  // ---- tooltip
  const tip = $("tip");
  function showTip(e) {
    const over = e.target.closest && e.target.closest(".track");
    cursor.hidden = !over && drag === null;
    tip.hidden = !over;
    if (drag !== null) {
      const [a, b] = [drag, timeAt(e.clientX)].sort((x, y) => x - y);
      band.hidden = false;
      band.style.left = left(a);
      band.style.width = (b - a) / (view.to - view.from) * 100 + "%";
    }
    if (!over) return;
    const at = timeAt(e.clientX), lane = data.lanes[over.parentNode.dataset.lane];
    cursor.style.left = left(at);
    tip.replaceChildren(...describe(lane, at));
    tip.style.left = Math.min(e.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = (e.clientY + 18 + tip.offsetHeight > innerHeight ? e.clientY - tip.offsetHeight - 12 : e.clientY + 18) + "px";
  }
  function describe(lane, at) {
    let i = segments(lane) - 1;
    while (i >= 0 && lane.seg[5 * i] > at) i--;
    const when = make("div", "", day(at) + " " + clock(at, true));
    if (i < 0) return [make("b", "", "not seen yet"), when];
    const s = segment(lane, i), out = [make("b", "", `${s.status.mark} ${s.status.name}` + (s.reason ? " · " + s.reason : ""))];
    out.push(make("div", "", `${clock(s.from, true)} – ${clock(s.to, true)} (${span(s.to - s.from)})`));
    if (s.revision) out.push(make("div", "", s.revision));
    if (s.merged) out.push(make("div", "", `${s.merged + 1} changes too close to be drawn one by one`));
    return [...out, when];
  }
  box.addEventListener("pointermove", showTip);
  box.addEventListener("pointerleave", () => { tip.hidden = cursor.hidden = true; });

  // ---- filter
  const form = $("filter"), items = [...document.querySelectorAll("main [data-kind]")];
  const words = new Map(); // element → its text, read once
  const textOf = (e) => words.get(e) || (words.set(e, e.textContent.toLowerCase()), words.get(e));
  const facts = (e) => ({ kind: e.dataset.kind, ns: e.dataset.ns, status: e.dataset.status, text: () => textOf(e) });
  const laneFacts = (i) => {
    const l = data.lanes[i];
    return { kind: l.k, ns: l.ns, status: status(l.s).name, text: () => `${l.k} ${l.ns}/${l.n} ${l.k}/${l.ns}/${l.n} ${status(l.s).name} ${laneWords(i)}`.toLowerCase() };
  };
  const laneTexts = new Map();
  function laneWords(i) {
    if (!laneTexts.has(i)) {
      const seen = new Set(), seg = data.lanes[i].seg;
      for (let n = 0; n < seg.length; n += 5) seen.add(data.reasons[seg[n + 2]]).add(data.revisions[seg[n + 3]]);
      for (const m of marksOf.get(i) || []) seen.add(textOf($("incident-" + m.i)));
      laneTexts.set(i, [...seen].join(" "));
    }
    return laneTexts.get(i);
  }
  let want = { q: [], status: "", kind: "", ns: "" };
  const has = (value, wanted) => value === undefined || !wanted || value.split("\n").includes(wanted);
  const matches = (f) => has(f.status, want.status) && has(f.kind, want.kind) && has(f.ns, want.ns) && want.q.every((w) => f.text().includes(w));

  function filter() {
    want = { q: $("q").value.toLowerCase().split(/\s+/).filter(Boolean), status: $("f-status").value, kind: $("f-kind").value, ns: $("f-ns").value };
    for (const e of items) e.hidden = !matches(facts(e));
    for (const n of document.querySelectorAll(".none")) n.hidden = !n.parentNode.querySelector("details") || !!n.parentNode.querySelector("details:not([hidden])");
    for (const s of document.querySelectorAll(".scroll")) s.toggleAttribute("data-empty", !s.querySelector("tbody tr:not([hidden])"));
    for (const b of document.querySelectorAll("[data-pick]")) b.setAttribute("aria-pressed", b.dataset.pick === want.status);
    const n = drawLanes(), on = want.q.length || want.status || want.kind || want.ns;
    $("matches").textContent = on ? `${n} of ${data.lanes.length} objects` : "";
  }
  form.addEventListener("input", () => { view.lanes = FIRST_LANES; filter(); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (e) => e.preventDefault());
  for (const b of document.querySelectorAll("[data-pick]"))
    b.addEventListener("click", () => { $("f-status").value = $("f-status").value === b.dataset.pick ? "" : b.dataset.pick; filter(); });
  $("more-lanes").addEventListener("click", () => { view.lanes += 500; drawLanes(); });

  // ---- one incident
  const drawer = $("drawer");
  function openIncident(n) {
    const entry = $("incident-" + n);
    if (!entry) return;
    const title = $("drawer-title"), summary = entry.querySelector("summary");
    title.replaceChildren(...[".state", ".what", ".why"].flatMap((c) => [summary.querySelector(c).cloneNode(true), " "]));
    $("drawer-body").replaceChildren(entry.querySelector(".body").cloneNode(true));
    tip.hidden = true;
    drawer.showModal();
    drawer.scrollTop = 0;
  }
  document.addEventListener("click", (e) => {
    const b = e.target.closest("[data-incident]");
    if (b) openIncident(b.dataset.incident);
    else if (e.target === drawer) drawer.close();
  });
  $("close").addEventListener("click", () => drawer.close());

  // ---- tables sort by their heads
  const value = (row, i) => {
    const t = row.cells[i].textContent.trim(), n = /^([\d.,]+)(ms|s|m|h|d)?/.exec(t);
    if (!row.cells[i].classList.contains("num") || !n) return t;
    let sum = 0;
    for (const [, v, unit] of t.replaceAll(",", "").matchAll(/([\d.]+)(ms|s|m|h|d)?/g)) sum += v * ({ ms: .001, m: 60, h: 3600, d: 86400 }[unit] || 1);
    return sum;
  };
  const order = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  function sort(th) {
    const up = th.getAttribute("aria-sort") === (th.classList.contains("num") ? "descending" : "none") || !th.hasAttribute("aria-sort") && !th.classList.contains("num");
    for (const other of th.parentNode.cells) other.removeAttribute("aria-sort");
    th.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = th.closest("table").tBodies[0], i = th.cellIndex;
    body.append(...[...body.rows].sort((a, b) => order(value(a, i), value(b, i)) * (up ? 1 : -1)));
  }
  for (const th of document.querySelectorAll("th")) {
    th.tabIndex = 0;
    th.addEventListener("click", () => sort(th));
    th.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); sort(th); } });
  }

  // ---- theme and print
  const themes = [["light dark", "◐ auto", "as the system"], ["light", "☀ light", "light"], ["dark", "☾ dark", "dark"]];
  let theme = 0;
  $("theme").addEventListener("click", () => {
    theme = (theme + 1) % themes.length;
    const [scheme, text, said] = themes[theme];
    document.documentElement.style.colorScheme = scheme;
    $("theme").textContent = text;
    $("theme").setAttribute("aria-label", "Colour theme: " + said);
  });
  addEventListener("beforeprint", () => { for (const d of document.querySelectorAll("details.incident:not([hidden])")) d.open = true; });

  filter();
})();
