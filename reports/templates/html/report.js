// The findings table: facets, search, sort, pages, evidence cards, export. All text goes in by textContent.
(function () {
  "use strict";
  var doc = document, root = doc.documentElement;
  var byId = function (id) { return doc.getElementById(id); };
  var el = function (tag, text, kind) {
    var made = doc.createElement(tag);
    if (text !== undefined && text !== null) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  var data = JSON.parse(byId("data").textContent), at = {};
  data.columns.forEach(function (name, place) { at[name] = place; });
  var get = function (row, name) { return row[at[name]]; };
  var WINDOW = 100, ORDER = ["critical", "high", "medium", "low"];
  var FACETS = [["severity", "Severity"], ["verdict", "Verdict"], ["waived", "Waived"], ["new", "New"], ["guardrail", "Guardrail"],
    ["rule", "Rule"], ["provider", "Provider"], ["account", data.account], ["owner", "Owner"]]
    .filter(function (facet) { return facet[0] !== "new" || data.compared; });
  var state, shown = [], focused = -1;
  root.classList.add("scripted");

  function facetValue(row, name) { return name === "waived" ? (get(row, "waived") ? "yes" : "no") : get(row, name); }
  data.rows.forEach(function (row) {
    row.text = ["name", "id", "rule", "title", "owner", "environment", "data_class", "observed", "account", "region", "unread", "waived"]
      .map(function (name) { return get(row, name); }).join("\n").toLowerCase();
  });

  function read() {
    var hash = location.hash, query = hash.slice(0, 3) === "#f?" ? new URLSearchParams(hash.slice(3)) : new URLSearchParams();
    state = { q: query.get("q") || "", sort: query.get("sort") || "severity", page: Math.max(1, parseInt(query.get("page"), 10) || 1),
      open: query.get("open") || "", facets: {} };
    FACETS.forEach(function (facet) { state.facets[facet[0]] = query.getAll(facet[0]); });
    if (at[state.sort.replace("-", "")] === undefined) state.sort = "severity";
    return hash.slice(0, 3) === "#f?";
  }
  function write() {
    var query = new URLSearchParams();
    FACETS.forEach(function (facet) { state.facets[facet[0]].forEach(function (value) { query.append(facet[0], value); }); });
    if (state.q) query.set("q", state.q);
    if (state.sort !== "severity") query.set("sort", state.sort);
    if (state.page > 1) query.set("page", state.page);
    if (state.open) query.set("open", state.open);
    history.replaceState(null, "", "#f?" + query.toString());
  }

  function matches(row, words, except) {
    return words.every(function (word) { return row.text.indexOf(word) >= 0; }) && FACETS.every(function (facet) {
      var chosen = state.facets[facet[0]];
      return facet[0] === except || !chosen.length || chosen.indexOf(facetValue(row, facet[0])) >= 0;
    });
  }
  function sorter() {
    var down = state.sort[0] === "-", name = state.sort.replace("-", ""), sign = down ? -1 : 1;
    var key = function (row) { return name === "severity" ? ORDER.indexOf(get(row, name)) : get(row, name); };
    return function (a, b) {
      var x = key(a), y = key(b);
      if (x !== y) return x < y ? -sign : sign;
      x = ORDER.indexOf(get(a, "severity")) - ORDER.indexOf(get(b, "severity"));
      return x || (get(a, "waived") ? 1 : 0) - (get(b, "waived") ? 1 : 0) ||
        (get(a, "rule") + get(a, "id") < get(b, "rule") + get(b, "id") ? -1 : 1);
    };
  }

  function severity(level) { return el("span", level, "sev " + level); }
  function line(row, number) {
    var tr = el("tr"), cells = [el("td"), el("td"), el("th"), el("td", get(row, "owner").replace(/^not read .*/, "not read")), el("td"), el("td", get(row, "since"))];
    cells[0].append(severity(get(row, "severity")));
    cells[1].append(el("code", get(row, "rule")));
    cells[2].scope = "row";
    cells[2].append(get(row, "name"), el("br"),
      el("span", get(row, "account") + (get(row, "region") ? " · " + get(row, "region") : ""), "mut small"));
    if (get(row, "verdict") === "unknown") cells[4].append(el("span", "unknown:", "soon"), " " + get(row, "unread"));
    else cells[4].append(get(row, "observed"));
    if (get(row, "waived")) cells[4].append(" ", el("span", "waived", "mark"));
    if (get(row, "new") === "yes") cells[4].append(" ", el("span", "new", "mark"));
    tr.append.apply(tr, cells);
    tr.tabIndex = 0;
    tr.setAttribute("aria-haspopup", "dialog");
    tr.addEventListener("click", function () { if (!String(getSelection())) open(row); });
    tr.addEventListener("keydown", function (event) { if (event.key === "Enter") open(row); });
    tr.addEventListener("focus", function () { focused = number; });
    return tr;
  }
  function facets(words) {
    var box = byId("facets"), closed = {};
    box.querySelectorAll("details").forEach(function (item) { closed[item.dataset.name] = !item.open; });
    var active = doc.activeElement && doc.activeElement.id;
    box.textContent = "";
    FACETS.forEach(function (facet) {
      var name = facet[0], counts = {}, chosen = state.facets[name];
      data.rows.forEach(function (row) {
        var value = facetValue(row, name);
        counts[value] = (counts[value] || 0) + (matches(row, words, name) ? 1 : 0);
      });
      var values = Object.keys(counts).sort(function (a, b) {
        return name === "severity" ? ORDER.indexOf(a) - ORDER.indexOf(b) : name === "owner" ? counts[b] - counts[a] || (a < b ? -1 : 1) : a < b ? -1 : 1;
      });
      if (values.length < 2 && !chosen.length) return;
      var details = el("details"), options = el("div", null, "opts");
      details.dataset.name = name;
      details.open = name in closed ? !closed[name] : true;
      details.append(el("summary", facet[1] + (chosen.length ? " (" + chosen.length + ")" : "")), options);
      values.slice(0, 200).forEach(function (value, number) {
        var label = el("label", null, counts[value] ? "" : "zero"), input = el("input");
        input.type = "checkbox";
        input.id = "facet-" + name + "-" + number;
        input.checked = chosen.indexOf(value) >= 0;
        input.addEventListener("change", function () {
          state.facets[name] = input.checked ? chosen.concat([value]) : chosen.filter(function (other) { return other !== value; });
          state.page = 1;
          draw();
        });
        label.append(input, el("span", value, name === "severity" ? "sev " + value : ""), el("span", counts[value].toLocaleString("en"), "mut"));
        options.append(label);
      });
      box.append(details);
    });
    if (active && active.indexOf("facet-") === 0 && byId(active)) byId(active).focus();
  }
  function draw(silent) {
    var words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    shown = data.rows.filter(function (row) { return matches(row, words); }).sort(sorter());
    var pages = Math.max(1, Math.ceil(shown.length / WINDOW));
    state.page = Math.min(state.page, pages);
    focused = -1;
    var start = (state.page - 1) * WINDOW, rows = byId("rows");
    rows.textContent = "";
    shown.slice(start, start + WINDOW).forEach(function (row, number) { rows.append(line(row, number)); });
    if (!shown.length) {
      var none = el("td", data.rows.length ? "No finding matches." : "Nothing fails and nothing is unknown."), only = el("tr");
      none.colSpan = 6;
      only.append(none);
      rows.append(only);
    }
    byId("count").textContent = shown.length.toLocaleString("en") + " of " + data.rows.length.toLocaleString("en") + " findings";
    byId("page").textContent = "Page " + state.page + " of " + pages;
    byId("before").disabled = state.page < 2;
    byId("after").disabled = state.page >= pages;
    doc.querySelectorAll("#table thead th").forEach(function (head) {
      var name = head.dataset.sort;
      head.setAttribute("aria-sort", state.sort === name ? "ascending" : state.sort === "-" + name ? "descending" : "none");
    });
    if (byId("search").value !== state.q) byId("search").value = state.q;
    facets(words);
    if (!silent) write();
  }

  function pairs(list) {
    var made = el("dl", null, "pairs");
    list.forEach(function (pair) { if (pair[1]) made.append(el("dt", pair[0]), el("dd", pair[1])); });
    return made;
  }
  function table(heads, rows) {
    var made = el("table"), head = el("tr"), top = el("thead"), body = el("tbody");
    heads.forEach(function (text) { var cell = el("th", text); cell.scope = "col"; head.append(cell); });
    rows.forEach(function (row) {
      var tr = el("tr");
      row.forEach(function (text) { var cell = el("td"); cell.append(el("code", text)); tr.append(cell); });
      body.append(tr);
    });
    top.append(head);
    made.append(top, body);
    return made;
  }
  function copy(text, button) {
    var done = function () { button.textContent = "Copied"; };
    var area = el("textarea", text);
    if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text).then(done, function () {});
    byId("card").append(area);
    area.select();
    if (doc.execCommand("copy")) done();
    area.remove();
  }
  function open(row) {
    var card = byId("card"), title = el("h2", get(row, "name")), close = el("button", "Close", "close"), id = el("button", "Copy id");
    var verdict = get(row, "verdict") + (get(row, "waived") ? ", waived by " + get(row, "waived") : "") + (get(row, "new") === "yes" ? ", new" : "");
    title.id = "card-title";
    close.type = id.type = "button";
    close.addEventListener("click", function () { card.close(); });
    id.addEventListener("click", function () { copy(get(row, "id"), id); });
    card.textContent = "";
    var where = el("p"), what = el("p");
    where.append(el("code", get(row, "id")), " ", id);
    what.append(severity(get(row, "severity")), " · ", el("code", get(row, "rule")), " " + get(row, "title"));
    card.append(close, title, where, what, pairs([
      ["Verdict", verdict], ["Guardrail", get(row, "guardrail")], ["Kind", get(row, "kind")],
      ["Where", [get(row, "provider"), get(row, "account"), get(row, "region")].filter(Boolean).join(" · ")],
      ["Owner", get(row, "owner")], ["Environment", get(row, "environment")], ["Data class", get(row, "data_class")],
      ["First seen", get(row, "since")], ["Not read", get(row, "unread")], ["Accepted by", get(row, "accepted")],
      ["Notes", get(row, "notes").join(" ")], ["Controls", get(row, "controls")], ["Fix", get(row, "fix")]]));
    if (get(row, "reasons").length) card.append(el("h3", "Expected and observed"), table(["Reason", "Read by"], get(row, "reasons")));
    if (get(row, "evidence").length) card.append(el("h3", "Evidence"), table(["Call", "Request id", "SHA-256 of the response"], get(row, "evidence")));
    state.open = get(row, "fingerprint");
    write();
    if (!card.open) card.showModal();
  }
  function find(mark) { return data.rows.filter(function (row) { return get(row, "fingerprint") === mark; })[0]; }

  function download() {
    var names = data.columns.filter(function (name) { return ["reasons", "evidence"].indexOf(name) < 0; });
    var cell = function (value) {
      var text = String(Array.isArray(value) ? value.join("; ") : value);
      return '"' + (/^\s*[=+\-@\t\r\n]/.test(text) ? "'" : "") .concat(text.replace(/"/g, '""')) + '"';
    };
    var lines = [names.join(",")].concat(shown.map(function (row) {
      return names.map(function (name) { return cell(get(row, name)); }).join(",");
    }));
    var link = el("a"), address = URL.createObjectURL(new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
    link.href = address;
    link.download = "findings-" + data.number + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(address); }, 1000);
  }
  function move(step) {
    var rows = byId("rows").children;
    focused = Math.max(0, Math.min(rows.length - 1, focused + step));
    rows[focused].focus();
  }
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function label() { byId("theme").textContent = dark() ? "Light" : "Dark"; }

  doc.querySelectorAll("#table thead th").forEach(function (head) {
    var button = el("button", head.textContent);
    button.type = "button";
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", function () {
      var name = head.dataset.sort;
      state.sort = state.sort === name ? "-" + name : name;
      state.page = 1;
      draw();
    });
  });
  var timer;
  byId("search").addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(function () { state.q = byId("search").value; state.page = 1; draw(); }, 120);
  });
  byId("reset").addEventListener("click", function () { history.replaceState(null, "", "#f?"); read(); draw(); });
  byId("export").addEventListener("click", download);
  byId("before").addEventListener("click", function () { state.page -= 1; draw(); });
  byId("after").addEventListener("click", function () { state.page += 1; draw(); });
  byId("card").addEventListener("close", function () { state.open = ""; write(); });
  byId("theme").addEventListener("click", function () {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("keymuster-theme", root.dataset.theme); } catch (error) { /* a file may have no storage */ }
    label();
  });
  try { root.dataset.theme = localStorage.getItem("keymuster-theme") || ""; } catch (error) { /* the same */ }
  if (!root.dataset.theme) delete root.dataset.theme;
  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("card").open || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === "/") { event.preventDefault(); byId("search").focus(); }
    else if (event.key === "j" || event.key === "k") { event.preventDefault(); move(event.key === "j" ? 1 : -1); }
  });
  function arrive() {
    var linked = read(), row;
    draw(true);
    if (!linked) return;
    byId("findings").scrollIntoView();
    row = state.open && find(state.open);
    if (row) open(row);
  }
  addEventListener("hashchange", function () { if (location.hash.slice(0, 3) === "#f?") arrive(); });
  label();
  arrive();
})();
