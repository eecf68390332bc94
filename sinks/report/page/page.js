"use strict";
// The page's only script. It filters, zooms, and opens incidents and objects. Everything that it shows is on the page
// without it; log text is only ever set as textContent.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const $ = (id) => document.getElementById(id);
  const all = (selector, from) => [...(from || document).querySelectorAll(selector)];
  const data = JSON.parse($("data").textContent);
  const FIRST_TRACKS = 60; // shown at once; more on request, so that thousands do not make the page long
  const UNITS = 1000000; // the width of a drawn track
  const view = { from: 0, to: data.span, tracks: FIRST_TRACKS };

  const make = (tag, className, text) => {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const number = (n) => n.toLocaleString("en-US");
  const status = (i) => data.statuses[i];
  const pad = (n) => String(n).padStart(2, "0");
  const span = (ms) => {
    const s = Math.round(ms / 1000);
    if (s < 60) return s + "s";
    if (s < 3600) return Math.floor(s / 60) + "m" + (s % 60 ? pad(s % 60) + "s" : "");
    if (s < 86400) return Math.floor(s / 3600) + "h" + pad(Math.floor(s / 60) % 60) + "m";
    return Math.floor(s / 86400) + "d" + pad(Math.floor(s / 3600) % 24) + "h";
  };

  // What the reader chose is kept where the browser allows it.
  const kept = {
    get: (key) => { try { return localStorage.getItem("fluxtrail-" + key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem("fluxtrail-" + key, value); } catch { /* not allowed: it is chosen anew */ } },
  };

  // ---- times
  let local = kept.get("zone") === "local";
  // parts are the fields of an instant in the zone that is shown.
  const parts = (ms) => {
    const d = new Date(ms);
    return local ? [d.getFullYear(), d.getMonth() + 1, d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds()]
      : [d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds()];
  };
  const dayOf = (p) => p[0] + "-" + pad(p[1]) + "-" + pad(p[2]);
  const clockOf = (p, seconds) => pad(p[3]) + ":" + pad(p[4]) + (seconds ? ":" + pad(p[5]) : "");
  const clock = (ms) => clockOf(parts(data.from + ms), true);
  const zoneName = () => local ? Intl.DateTimeFormat().resolvedOptions().timeZone || "local" : "UTC";
  function showZone() {
    const first = dayOf(parts(data.from)), short = first === dayOf(parts(data.from + data.span));
    for (const t of all("time")) {
      const p = parts(Date.parse(t.dateTime)), day = dayOf(p);
      const full = !short || day !== first || t.closest("header") && t.matches(":first-of-type");
      t.textContent = (full ? day + " " : "") + clockOf(p, true);
      t.title = t.dateTime;
    }
    for (const z of all(".zone")) z.textContent = zoneName();
    $("zone").textContent = zoneName();
    $("zone").setAttribute("aria-label", "Times are shown in " + zoneName() + "; press to change");
    words.clear();
  }

  // ---- timeline
  const box = $("tracks"), axis = box && box.querySelector(".axis"), grid = box && box.querySelector(".grid");
  const lines = box ? all(".line", box) : [];
  const cursor = make("i", "cursor"), band = make("i", "select");
  cursor.hidden = band.hidden = true;
  const segments = (track) => track.seg.length / 5;
  const segment = (track, i) => {
    const [from, s, reason, revision, merged] = track.seg.slice(5 * i, 5 * i + 5);
    return { from, to: i + 1 < segments(track) ? track.seg[5 * i + 5] : data.span, status: status(s), reason: data.reasons[reason], revision: data.revisions[revision], merged };
  };

  function drawTracks() {
    const hits = lines.filter((_, i) => matches(trackFacts(i)));
    const shown = new Set(hits.slice(0, view.tracks));
    for (const l of lines) l.hidden = !shown.has(l);
    $("track-note").textContent = shown.size < hits.length ? `Showing ${number(shown.size)} of ${number(hits.length)} objects, the most urgent first. Filter to see others.`
      : hits.length < lines.length ? `Showing ${number(shown.size)} of ${number(lines.length)} objects; the filter hides the others.` : "";
    $("more-tracks").hidden = shown.size >= hits.length;
    place();
    return hits.length;
  }

  // place applies the zoom to everything drawn. A frame stays wide enough to be pressed.
  function place() {
    if (!box) return;
    const width = view.to - view.from, units = (ms) => ms / data.span * UNITS;
    const least = units(width) * 10 / Math.max(200, axis.clientWidth);
    for (const l of all(".lane svg", box)) l.setAttribute("viewBox", `${units(view.from)} 0 ${units(width)} 28`);
    for (const l of lines) {
      if (l.hidden) continue;
      l.querySelector("svg").setAttribute("viewBox", `${units(view.from)} 0 ${units(width)} 28`);
      for (const f of all(".frame", l)) {
        const from = units(+f.dataset.from), w = Math.max(least, units(+f.dataset.to) - from);
        f.setAttribute("x", Math.min(from, UNITS - w));
        f.setAttribute("width", w);
      }
    }
    drawAxis(width);
  }

  // The steps of the axis: seconds, then days, then months.
  const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];
  const DAYS = [1, 2, 7, 14], MONTHS = [1, 3, 6, 12, 24, 60, 120];
  const at = (y, m, d) => local ? new Date(y, m, d).getTime() : Date.UTC(y, m, d);
  // ticks are the round times within the view, as offsets from the beginning of the window.
  function ticks(width, room) {
    const out = [], from = data.from + view.from, to = data.from + view.to, p = parts(from);
    const add = (list) => { for (const t of list) if (t >= from && t <= to) out.push(t - data.from); };
    const seconds = SECONDS.find((s) => width / s / 1000 <= room);
    const days = DAYS.find((d) => width / d / 86400000 <= room);
    if (seconds) {
      const step = seconds * 1000, zero = at(p[0], p[1] - 1, p[2]); // midnight
      for (let t = zero + Math.floor((from - zero) / step) * step; t <= to; t += step) add([t]);
      return { out, label: (p) => p[3] + p[4] + p[5] === 0 ? dayOf(p).slice(5) : clockOf(p, seconds < 60) };
    }
    if (days) {
      for (let n = 0; out.length <= room + 1 && n < 400; n += days) add([at(p[0], p[1] - 1, p[2] + n)]);
      return { out, label: (q) => years() ? dayOf(q) : dayOf(q).slice(5) };
    }
    const months = MONTHS.find((m) => width / m / 2629800000 <= room) || 120;
    for (let n = months >= 12 ? 0 : p[1] - 1 - (p[1] - 1) % months; ; n += months) {
      const t = at(p[0], n, 1);
      if (t > to) break;
      add([t]);
    }
    return { out, label: (q) => months >= 12 ? String(q[0]) : q[0] + "-" + pad(q[1]) };
  }
  const years = () => parts(data.from)[0] !== parts(data.from + data.span)[0]; // whether a date needs its year
  function drawAxis(width) {
    const { out, label } = ticks(width, Math.max(2, Math.floor(axis.clientWidth / (years() ? 135 : 92)))), labels = [], marks = [];
    for (const ms of out) {
      const x = (ms - view.from) / width, t = make("span", x < .03 ? "first" : x > .97 ? "last" : "", label(parts(data.from + ms))), l = make("i");
      t.style.left = l.style.left = x * 100 + "%";
      labels.push(t);
      marks.push(l);
    }
    axis.replaceChildren(...labels);
    grid.replaceChildren(...marks, cursor, band);
  }

  // ---- zoom
  function zoom(from, to) {
    const least = Math.min(data.span, 10000), width = Math.min(data.span, Math.max(least, to - from));
    view.from = Math.min(Math.max(0, from), data.span - width);
    view.to = view.from + width;
    place();
    remember();
  }
  const steps = {
    in: (w) => [view.from + w / 4, view.to - w / 4], out: (w) => [view.from - w / 2, view.to + w / 2],
    left: (w) => [view.from - w / 3, view.to - w / 3], right: (w) => [view.from + w / 3, view.to + w / 3], all: () => [0, data.span],
  };
  for (const b of all("[data-zoom]")) b.addEventListener("click", () => zoom(...steps[b.dataset.zoom](view.to - view.from)));

  const timeAt = (x) => {
    const r = axis.getBoundingClientRect();
    return view.from + Math.min(1, Math.max(0, (x - r.left) / r.width)) * (view.to - view.from);
  };
  const left = (ms) => (ms - view.from) / (view.to - view.from) * 100 + "%";
  // A mouse draws a band and zooms into it. One finger moves the view sideways, two zoom.
  let drag = null, dragged = false;
  const fingers = new Map();
  function pinch() {
    const [a, b] = [...fingers.values()], r = axis.getBoundingClientRect(), one = (x) => (x - r.left) / r.width;
    if (b === undefined) {
      const width = a.to - a.from, by = (a.x - a.now) / r.width * width;
      return zoom(a.from + by, a.to + by);
    }
    const t = [a, b].map((f) => f.from + one(f.x) * (f.to - f.from)), x = [one(a.now), one(b.now)];
    if (Math.abs(x[1] - x[0]) < .02) return;
    const width = (t[1] - t[0]) / (x[1] - x[0]);
    if (width > 0) zoom(t[0] - x[0] * width, t[0] - x[0] * width + Math.min(width, data.span));
  }
  const restart = () => { for (const f of fingers.values()) Object.assign(f, { x: f.now, from: view.from, to: view.to }); };
  if (box) {
    box.addEventListener("pointerdown", (e) => {
      if (!e.target.closest(".track, .axis")) return;
      dragged = false;
      if (e.pointerType === "touch") {
        fingers.set(e.pointerId, { now: e.clientX });
        restart();
      } else if (!e.button) {
        drag = timeAt(e.clientX);
        e.preventDefault();
      }
    });
    box.addEventListener("pointermove", (e) => {
      const f = fingers.get(e.pointerId);
      if (f) {
        f.now = e.clientX;
        dragged = dragged || Math.abs(f.now - f.x) > 6;
        if (dragged && (fingers.size === 2 || view.to - view.from < data.span)) pinch();
      }
      showTip(e);
    });
    box.addEventListener("pointerleave", () => { tip.hidden = cursor.hidden = true; });
    for (const name of ["pointerup", "pointercancel"])
      addEventListener(name, (e) => { if (fingers.delete(e.pointerId)) restart(); });
    addEventListener("pointerup", (e) => {
      if (drag === null) return;
      const [a, b] = [drag, timeAt(e.clientX)].sort((x, y) => x - y);
      drag = null;
      band.hidden = true;
      dragged = b - a > (view.to - view.from) / 200;
      if (dragged) zoom(a, b);
    });
    addEventListener("resize", place);
  }

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
    const ms = timeAt(e.clientX);
    cursor.style.left = left(ms);
    tip.replaceChildren(...describe(data.tracks[over.parentNode.dataset.track], ms));
    tip.style.left = Math.max(4, Math.min(e.clientX + 14, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = (e.clientY + 18 + tip.offsetHeight > innerHeight ? e.clientY - tip.offsetHeight - 12 : e.clientY + 18) + "px";
  }
  function describe(track, ms) {
    let i = segments(track) - 1;
    while (i >= 0 && track.seg[5 * i] > ms) i--;
    const p = parts(data.from + ms), when = make("div", "", dayOf(p) + " " + clockOf(p, true));
    if (i < 0) return [make("b", "", "not seen yet"), when];
    const s = segment(track, i), out = [make("b", "", `${s.status.sign} ${s.status.name}` + (s.reason ? " · " + s.reason : ""))];
    out.push(make("div", "", `${clock(s.from)} – ${clock(s.to)} (${span(s.to - s.from)})`));
    if (s.revision) out.push(make("div", "", s.revision));
    if (s.merged) out.push(make("div", "", `${number(s.merged + 1)} changes too close to be drawn one by one`));
    return [...out, when];
  }

  // ---- filter
  const form = $("filter"), items = all("main [data-kind]");
  const words = new Map(); // element → its text, read once
  const textOf = (e) => words.get(e) || (words.set(e, e.textContent.toLowerCase()), words.get(e));
  const facts = (e) => ({ kind: e.dataset.kind, ns: e.dataset.ns, status: e.dataset.status, text: () => textOf(e) });
  const trackFacts = (i) => {
    const t = data.tracks[i];
    return { kind: t.k, ns: t.ns, status: status(t.s).name, text: () => `${t.k} ${t.ns}/${t.n} ${t.k}/${t.ns}/${t.n} ${status(t.s).name} ${trackWords(i)}`.toLowerCase() };
  };
  const trackTexts = new Map();
  function trackWords(i) {
    if (!trackTexts.has(i)) {
      const seen = new Set(), seg = data.tracks[i].seg;
      for (let n = 0; n < seg.length; n += 5) seen.add(data.reasons[seg[n + 2]]).add(data.revisions[seg[n + 3]]);
      for (const a of all("svg a", lines[i])) { const entry = target(a); if (entry) seen.add(textOf(entry)); }
      trackTexts.set(i, [...seen].join(" "));
    }
    return trackTexts.get(i);
  }
  const target = (a) => $((a.getAttribute("href") || "").slice(1));
  let want = { q: [], status: "", kind: "", ns: "" };
  const has = (value, wanted) => value === undefined || !wanted || value.split("\n").includes(wanted);
  const matches = (f) => has(f.status, want.status) && has(f.kind, want.kind) && has(f.ns, want.ns) && want.q.every((w) => f.text().includes(w));

  function filter() {
    want = { q: $("q").value.toLowerCase().split(/\s+/).filter(Boolean), status: $("f-status").value, kind: $("f-kind").value, ns: $("f-ns").value };
    for (const e of items) e.hidden = !matches(facts(e));
    for (const n of all(".none.note")) n.hidden = !n.parentNode.querySelector("details") || !!n.parentNode.querySelector("details:not([hidden])");
    for (const s of all(".scroll")) s.toggleAttribute("data-empty", !s.querySelector("tbody tr:not([hidden])"));
    for (const b of all("[data-pick]")) b.setAttribute("aria-pressed", b.dataset.pick === want.status);
    const n = drawTracks(), on = want.q.length || want.status || want.kind || want.ns;
    $("matches").textContent = on ? `${number(n)} of ${number(lines.length)} objects` : "";
  }
  const changed = () => { filter(); remember(); };
  form.addEventListener("input", () => { view.tracks = FIRST_TRACKS; changed(); });
  form.addEventListener("reset", () => setTimeout(changed));
  form.addEventListener("submit", (e) => e.preventDefault());
  for (const b of all("[data-pick]"))
    b.addEventListener("click", () => { $("f-status").value = $("f-status").value === b.dataset.pick ? "" : b.dataset.pick; changed(); });
  $("more-tracks").addEventListener("click", () => { view.tracks += 500; drawTracks(); });

  // ---- the address names the view: filter, zoom, and what is open
  const drawer = $("drawer");
  const fields = { q: "q", status: "f-status", kind: "f-kind", ns: "f-ns" };
  let opened = "", quiet = false;
  function address() {
    const p = new URLSearchParams();
    for (const k in fields) if ($(fields[k]).value) p.set(k, $(fields[k]).value);
    if (view.to - view.from < data.span) {
      p.set("from", new Date(data.from + view.from).toISOString());
      p.set("to", new Date(data.from + view.to).toISOString());
    }
    if (opened) p.set("open", opened);
    return p.toString();
  }
  let waiting = 0;
  function remember() {
    if (quiet) return;
    clearTimeout(waiting); // browsers limit how often an address may change
    waiting = setTimeout(() => { try { history.replaceState(null, "", "#" + address()); } catch { /* not allowed here */ } }, 120);
  }
  function restore() {
    const hash = location.hash.slice(1), p = new URLSearchParams(hash);
    if (hash.startsWith("incident-")) return openIncident($(hash));
    if (hash && !hash.includes("=")) return;
    quiet = true;
    for (const k in fields) $(fields[k]).value = p.get(k) || "";
    filter();
    const from = Date.parse(p.get("from")), to = Date.parse(p.get("to"));
    if (box && from < to) zoom(from - data.from, to - data.from);
    const open = p.get("open") || "";
    if (open.startsWith("incident-")) openIncident($(open));
    else if (open) openObject(data.tracks.findIndex((t) => nameOf(t) === open));
    quiet = false;
  }

  // ---- one incident, one object
  const nameOf = (t) => `${t.k}/${t.ns}/${t.n}`;
  function open(name, title, body) {
    $("drawer-title").replaceChildren(...title);
    $("drawer-body").replaceChildren(...body);
    addCopies($("drawer-body"));
    tip.hidden = true;
    if (!drawer.open) drawer.showModal();
    drawer.scrollTop = 0;
    opened = name;
    remember();
  }
  function openIncident(entry) {
    if (!entry) return;
    const summary = entry.querySelector("summary"), body = entry.querySelector(".body").cloneNode(true);
    for (const b of all(".copier", body)) b.remove();
    open(entry.id, [".state", ".what", ".why"].flatMap((c) => [summary.querySelector(c).cloneNode(true), " "]), [body]);
  }
  function openObject(i) {
    const t = data.tracks[i];
    if (!t) return;
    const same = (e) => e.dataset.kind === t.k && e.dataset.ns === t.ns && e.dataset.name === t.n;
    const body = make("div", "body"), dl = make("dl"), row = all("#objects tr[data-name]").find(same);
    for (const td of row ? row.cells : []) if (td.textContent.trim()) dl.append(make("dt", "", td.dataset.head), make("dd", "", td.textContent));
    body.append(dl);
    const found = all("details.incident").filter(same);
    if (found.length) body.append(make("h4", "", "Incidents"));
    for (const e of found) {
      const a = make("a", "", [".state", ".when", ".took", ".why"].map((c) => e.querySelector(c).textContent).join("  "));
      a.href = "#" + e.id;
      const p = make("p");
      p.append(a);
      body.append(p);
    }
    body.append(make("h4", "", "Changes"));
    const list = make("ol", "changes"), n = segments(t), SHOWN = 200;
    for (let k = n - 1; k >= 0 && k >= n - SHOWN; k--) {
      const s = segment(t, k), li = make("li", "s-" + s.status.name), p = parts(data.from + s.from);
      li.append(make("span", "muted", dayOf(p) + " " + clockOf(p, true) + " "), make("b", "sign", `${s.status.sign} ${s.status.name}`), ` ${span(s.to - s.from)} ${s.reason || ""} ${s.revision || ""}` + (s.merged ? ` (${number(s.merged + 1)} changes)` : ""));
      list.append(li);
    }
    body.append(list);
    if (n > SHOWN) body.append(make("p", "muted", `${number(n - SHOWN)} earlier changes are on the timeline.`));
    open(nameOf(t), [make("span", "kind", t.k), " ", make("bdi", "name", (t.ns ? t.ns + "/" : "") + t.n)], [body]);
  }
  document.addEventListener("click", (e) => {
    if (dragged && e.target.closest("#tracks")) { // the end of a drag is no press
      dragged = false;
      return e.preventDefault();
    }
    const a = e.target.closest("a"), copier = e.target.closest(".copier");
    if (copier) {
      e.preventDefault();
      copy(copier);
    } else if (a && (a.getAttribute("href") || "").startsWith("#incident-")) {
      e.preventDefault();
      openIncident(target(a));
    } else if (a && a.matches(".label")) {
      e.preventDefault();
      openObject(+a.parentNode.dataset.track);
    } else if (e.target === drawer) drawer.close();
  });
  $("close").addEventListener("click", () => drawer.close());
  drawer.addEventListener("close", () => { opened = ""; remember(); });
  addEventListener("hashchange", restore);

  // ---- copy
  async function put(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no permission, or not a secure address
      const area = make("textarea");
      area.value = text;
      (drawer.open ? drawer : document.body).append(area);
      area.select();
      const ok = document.execCommand("copy");
      area.remove();
      if (!ok) throw new Error("the browser does not let a page copy");
    }
  }
  async function tell(button, text) {
    const before = button.textContent;
    try {
      await put(text);
      button.textContent = "copied";
    } catch {
      button.textContent = "not allowed";
    }
    setTimeout(() => { button.textContent = before; }, 1200);
  }
  const copy = (button) => tell(button, button.copied.textContent.replace(/^reconcileID /, ""));
  function addCopies(from) {
    for (const e of all(".copy", from)) {
      const b = make("button", "copier quiet", "copy");
      b.type = "button";
      b.copied = e;
      e.after(b);
    }
  }
  $("link").addEventListener("click", () => {
    clearTimeout(waiting);
    try { history.replaceState(null, "", "#" + address()); } catch { /* the text below has it all the same */ }
    tell($("link"), location.href.split("#")[0] + "#" + address());
  });

  // ---- tables sort by their heads: one way, the other way, and as they were
  const value = (row, i) => {
    const t = row.cells[i].textContent.trim(), n = /^([\d.,]+)(ms|s|m|h|d)?/.exec(t);
    if (!row.cells[i].classList.contains("num") || !n) return t;
    let sum = 0;
    for (const [, v, unit] of t.replaceAll(",", "").matchAll(/([\d.]+)(ms|s|m|h|d)?/g)) sum += v * ({ ms: .001, m: 60, h: 3600, d: 86400 }[unit] || 1);
    return sum;
  };
  const order = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  const asWritten = new Map();
  function sort(th) {
    const ways = th.classList.contains("num") ? ["descending", "ascending", null] : ["ascending", "descending", null];
    const way = ways[(ways.indexOf(th.getAttribute("aria-sort")) + 1) % 3];
    for (const other of th.parentNode.cells) other.removeAttribute("aria-sort");
    const body = th.closest("table").tBodies[0], i = th.cellIndex;
    if (!asWritten.has(body)) asWritten.set(body, [...body.rows]);
    if (!way) return body.append(...asWritten.get(body));
    th.setAttribute("aria-sort", way);
    body.append(...[...asWritten.get(body)].sort((a, b) => order(value(a, i), value(b, i)) * (way === "ascending" ? 1 : -1)));
  }
  for (const th of all("th")) {
    th.tabIndex = 0;
    th.addEventListener("click", () => sort(th));
    th.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); sort(th); } });
  }

  // ---- theme, zone and print
  const themes = [["light dark", "◐ auto", "as the system"], ["light", "☀ light", "light"], ["dark", "☾ dark", "dark"]];
  let theme = Math.max(0, themes.findIndex((t) => t[0] === kept.get("theme")));
  function showTheme() {
    const [scheme, text, said] = themes[theme];
    root.style.colorScheme = scheme;
    $("theme").textContent = text;
    $("theme").setAttribute("aria-label", "Colour theme: " + said);
  }
  $("theme").addEventListener("click", () => {
    theme = (theme + 1) % themes.length;
    kept.set("theme", themes[theme][0]);
    showTheme();
  });
  $("zone").addEventListener("click", () => {
    local = !local;
    kept.set("zone", local ? "local" : "utc");
    showZone();
    place();
  });
  addEventListener("beforeprint", () => { for (const d of all("details.incident:not([hidden])")) d.open = true; });

  showTheme();
  if (local) showZone();
  addCopies(document.querySelector("main"));
  filter();
  restore();
})();
