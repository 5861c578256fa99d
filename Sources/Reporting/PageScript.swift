/// The page's own script: everything that Chart.js does not do. It is plain JavaScript in four parts that share one
/// script element, in this order: `colors`, `charts`, `maps`, `page`.
enum PageScript {
  /// Colors and numbers as text.
  static let colors = #"""
    "use strict";
    // Okabe and Ito's colors, which color-blind readers tell apart.
    const seriesColors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#8c6d31"];
    const sequentialAnchors = ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58",
      "#b5de2b", "#fde725"];
    const divergingAnchors = ["#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582",
      "#d6604d", "#b2182b", "#67001f"];
    const ink = "#3b4452", gridColor = "#e6e9ee", mutedColor = "#a9b1bd";

    function channels(hex) {
      return [1, 3, 5].map(start => parseInt(hex.slice(start, start + 2), 16));
    }

    // The color at place t (0 to 1) between anchors, as three bytes.
    function between(anchors, t) {
      const place = Math.min(1, Math.max(0, t)) * (anchors.length - 1);
      const first = Math.min(Math.floor(place), anchors.length - 2);
      const low = channels(anchors[first]), high = channels(anchors[first + 1]);
      return low.map((value, channel) => Math.round(value + (high[channel] - value) * (place - first)));
    }

    // Shades of curves end before the yellow that white paper swallows.
    function shade(t) {
      return "rgb(" + between(sequentialAnchors, 0.86 * t).join(",") + ")";
    }

    function colorOf(color) {
      if (color === "muted") { return mutedColor; }
      return typeof color === "number" ? seriesColors[color % seriesColors.length] : shade(color.shade);
    }

    function translucent(color, opacity) {
      const parts = color.startsWith("#") ? channels(color) : color.match(/\d+/g).map(Number);
      return "rgba(" + parts.join(",") + "," + opacity + ")";
    }

    function superscript(exponent) {
      return String(exponent).replace(/-/g, "⁻").replace(/\d/g, digit => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
    }

    function numberText(value, digits) {
      if (value === 0) { return "0"; }
      const magnitude = Math.abs(value);
      if (magnitude >= 1e5 || magnitude < 1e-3) {
        const parts = value.toExponential((digits || 4) - 1).split("e");
        return String(Number(parts[0])).replace("-", "−") + " × 10" + superscript(Number(parts[1]));
      }
      return String(Number(value.toPrecision(digits || 4))).replace("-", "−");
    }

    function withUnit(value, unit) {
      return numberText(value) + (unit ? " " + unit : "");
    }

    // Round numbers that divide a range.
    function roundTicks(low, high, count) {
      const rough = (high - low) / Math.max(1, count);
      const power = Math.pow(10, Math.floor(Math.log10(rough)));
      const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough * 0.999);
      const ticks = [];
      for (let number = Math.ceil(low / step - 1e-9); number * step <= high + step * 1e-9; number += 1) {
        ticks.push(Number((number * step).toPrecision(12)));
      }
      return ticks;
    }
    """#

  /// The parts of the page around the charts: drawing them all, counting what was drawn, tables, pictures.
  static let page = #"""
    // Pixels with a hue: curves, bars and maps have one, axes and text do not.
    function coloredPixels(canvas) {
      const copy = document.createElement("canvas");
      copy.width = canvas.width;
      copy.height = canvas.height;
      if (copy.width === 0 || copy.height === 0) { return 0; }
      const context = copy.getContext("2d", {willReadFrequently: true});
      context.drawImage(canvas, 0, 0);
      const bytes = context.getImageData(0, 0, copy.width, copy.height).data;
      let count = 0;
      for (let start = 0; start < bytes.length; start += 4) {
        const high = Math.max(bytes[start], bytes[start + 1], bytes[start + 2]);
        const low = Math.min(bytes[start], bytes[start + 1], bytes[start + 2]);
        if (bytes[start + 3] > 16 && high - low > 48) { count += 1; }
      }
      return count;
    }

    function savePicture(figure) {
      const canvas = figure.querySelector("canvas");
      const copy = document.createElement("canvas");
      copy.width = canvas.width;
      copy.height = canvas.height;
      const context = copy.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, copy.width, copy.height);
      context.drawImage(canvas, 0, 0);
      copy.toBlob(function (picture) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(picture);
        link.download = figure.querySelector("h3").textContent.replace(/[^\w]+/g, "-") + ".png";
        link.click();
        URL.revokeObjectURL(link.href);
      });
    }

    function drawAll() {
      const charts = JSON.parse(document.getElementById("report-charts").textContent);
      const draw = {lines: drawLines, bars: drawBars, map: drawMap};
      let drawn = 0;
      charts.forEach(function (chart, number) {
        const figure = document.getElementById("chart" + number);
        const canvas = figure.querySelector("canvas");
        figure.querySelector(".save").addEventListener("click", () => savePicture(figure));
        try {
          draw[chart.kind](chart, canvas, figure);
          figure.dataset.ink = coloredPixels(canvas);
          if (Number(figure.dataset.ink) > 0) { drawn += 1; }
        } catch (problem) {
          const message = document.createElement("p");
          message.className = "failed";
          message.textContent = "This chart could not be drawn: " + problem.message;
          figure.append(message);
          console.error(problem);
        }
      });
      document.documentElement.dataset.drawn = drawn;
      document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height);
    }

    function prepareProvenance() {
      const section = document.getElementById("provenance");
      const body = section.querySelector("tbody");
      const rows = Array.from(body.rows);
      const search = section.querySelector("input");
      const kinds = Array.from(section.querySelectorAll("button[data-kind]"));
      const calibrated = section.querySelector("button[data-calibrated]");

      function filter() {
        const words = search.value.toLowerCase().split(/\s+/).filter(word => word);
        const shown = new Set(kinds.filter(isPressed).map(button => button.dataset.kind));
        rows.forEach(function (row) {
          const text = row.textContent.toLowerCase();
          row.hidden = !shown.has(row.dataset.kind) || (isPressed(calibrated) && !row.dataset.calibrated)
            || !words.every(word => text.includes(word));
        });
      }

      function isPressed(button) { return button.getAttribute("aria-pressed") === "true"; }

      kinds.concat(calibrated).forEach(button => button.addEventListener("click", function () {
        button.setAttribute("aria-pressed", String(!isPressed(button)));
        filter();
      }));
      search.addEventListener("input", filter);

      const heads = Array.from(section.querySelectorAll("thead th"));
      heads.forEach((head, column) => head.querySelector("button").addEventListener("click", function () {
        const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach(other => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
        rows.sort(function (a, b) {
          const first = a.cells[column], second = b.cells[column];
          if (first.dataset.sort !== undefined) { return sign * (first.dataset.sort - second.dataset.sort); }
          return sign * first.textContent.localeCompare(second.textContent, "en");
        });
        body.append(...rows);
      }));
    }

    drawAll();
    prepareProvenance();
    """#
}
