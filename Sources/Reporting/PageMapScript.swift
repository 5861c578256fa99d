extension PageScript {
  /// Maps, drawn on a canvas of their own: Chart.js has none.
  static let maps = #"""
    function drawMap(map, canvas, figure) {
      const container = canvas.parentElement;
      container.classList.add("fitted");
      const readout = document.createElement("p");
      readout.className = "readout";
      readout.textContent = "Move over the map to read a value.";
      container.after(readout);
      const anchors = map.colors === "diverging" ? divergingAnchors : sequentialAnchors;
      const level = value => map.log
        ? Math.log(value / map.low) / Math.log(map.high / map.low || 1) : (value - map.low) / (map.high - map.low);
      // A flat map has one color, the middle one.
      const place = value => map.high > map.low ? level(value) : 0.5;
      const image = imageOf(map, value => between(anchors, place(value)));
      let frame = paint();

      function paint() {
        const ratio = window.devicePixelRatio || 1;
        const width = container.clientWidth;
        const layout = layoutOf(map, width, figure.parentElement.classList.contains("third") ? 270 : 400);
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(layout.total * ratio);
        canvas.style.height = layout.total + "px";
        const context = canvas.getContext("2d");
        context.scale(ratio, ratio);
        context.imageSmoothingEnabled = false;
        context.drawImage(image, layout.left, layout.top, layout.width, layout.height);
        paintFrames(context, map, layout);
        paintAxes(context, map, layout);
        paintBar(context, map, layout, t => "rgb(" + between(anchors, t).join(",") + ")");
        return layout;
      }

      canvas.addEventListener("mousemove", function (event) {
        const column = Math.floor((event.offsetX - frame.left) / frame.width * map.columns);
        const row = map.rows - 1 - Math.floor((event.offsetY - frame.top) / frame.height * map.rows);
        if (column < 0 || column >= map.columns || row < 0 || row >= map.rows) { return; }
        const x = map.x[0] + (column + 0.5) * (map.x[1] - map.x[0]) / map.columns;
        const y = map.y[0] + (row + 0.5) * (map.y[1] - map.y[0]) / map.rows;
        const value = map.values[row * map.columns + column];
        readout.textContent = map.xLabel + " = " + withUnit(x, map.lengthUnit) + ", " + map.yLabel + " = "
          + withUnit(y, map.lengthUnit) + ": " + (value === null ? "nothing here" : withUnit(value, map.unit));
      });
      new ResizeObserver(function () {
        if (Math.round(container.clientWidth * (window.devicePixelRatio || 1)) !== canvas.width) { frame = paint(); }
      }).observe(container);
    }

    // One pixel per place; rows run upward in the values and downward in a picture.
    function imageOf(map, color) {
      const image = document.createElement("canvas");
      image.width = map.columns;
      image.height = map.rows;
      const context = image.getContext("2d");
      const pixels = context.createImageData(map.columns, map.rows);
      map.values.forEach(function (value, index) {
        if (value === null) { return; }
        const row = map.rows - 1 - Math.floor(index / map.columns);
        const start = 4 * (row * map.columns + index % map.columns);
        pixels.data.set(color(value), start);
        pixels.data[start + 3] = 255;
      });
      context.putImageData(pixels, 0, 0);
      return image;
    }

    // Lengths are to scale unless the plane is more than four times as long as it is wide.
    function layoutOf(map, width, tallest) {
      const layout = {left: 66, top: 10, bottom: 48, bar: 18, gap: 22, labels: 84};
      const room = Math.max(60, width - layout.left - layout.bar - layout.gap - layout.labels);
      const aspect = (map.y[1] - map.y[0]) / (map.x[1] - map.x[0]);
      const isTrue = aspect >= 0.25 && aspect <= 4;
      layout.width = isTrue ? Math.min(room, tallest / aspect) : room;
      layout.height = isTrue ? layout.width * aspect : Math.min(260, tallest);
      // What is left over stands on both sides.
      layout.left += (room - layout.width) / 2;
      layout.total = layout.top + layout.height + layout.bottom;
      return layout;
    }

    function paintAxes(context, map, layout) {
      const bottom = layout.top + layout.height;
      context.strokeStyle = "#8b95a5";
      context.lineWidth = 1;
      context.strokeRect(layout.left - 0.5, layout.top - 0.5, layout.width + 1, layout.height + 1);
      context.fillStyle = ink;
      context.font = "13px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "top";
      labeledTicks(map.x[0], map.x[1], layout.width / 64).forEach(function ([tick, label]) {
        const x = layout.left + (tick - map.x[0]) / (map.x[1] - map.x[0]) * layout.width;
        stroke(context, x, bottom, x, bottom + 5);
        context.fillText(label, x, bottom + 8);
      });
      context.textAlign = "right";
      context.textBaseline = "middle";
      labeledTicks(map.y[0], map.y[1], layout.height / 50).forEach(function ([tick, label]) {
        const y = bottom - (tick - map.y[0]) / (map.y[1] - map.y[0]) * layout.height;
        stroke(context, layout.left - 5, y, layout.left, y);
        context.fillText(label, layout.left - 9, y);
      });
      context.font = "500 14px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "bottom";
      context.fillText(map.xLabel + " (" + map.lengthUnit + ")", layout.left + layout.width / 2, layout.total - 2);
      turned(context, map.yLabel + " (" + map.lengthUnit + ")", layout.left - 56, layout.top + layout.height / 2);
    }

    function paintBar(context, map, layout, color) {
      const left = layout.left + layout.width + layout.gap;
      const bottom = layout.top + layout.height;
      for (let row = 0; row < layout.height; row += 1) {
        context.fillStyle = color(map.high > map.low ? 1 - row / layout.height : 0.5);
        context.fillRect(left, layout.top + row, layout.bar, Math.min(1.5, layout.height - row));
      }
      context.strokeStyle = "#8b95a5";
      context.strokeRect(left - 0.5, layout.top - 0.5, layout.bar + 1, layout.height + 1);
      context.fillStyle = ink;
      context.font = "13px system-ui, sans-serif";
      context.textAlign = "left";
      context.textBaseline = "middle";
      barTicks(map, layout.height).forEach(function ([value, label]) {
        const t = map.high === map.low ? 0.5 : map.log
          ? Math.log(value / map.low) / Math.log(map.high / map.low) : (value - map.low) / (map.high - map.low);
        const y = bottom - t * layout.height;
        stroke(context, left + layout.bar, y, left + layout.bar + 4, y);
        context.fillText(label, left + layout.bar + 8, y);
      });
      context.font = "500 14px system-ui, sans-serif";
      context.textAlign = "center";
      turned(context, map.label + (map.unit ? " (" + map.unit + ")" : ""), left + layout.bar + 72,
        layout.top + layout.height / 2);
    }

    function barTicks(map, height) {
      if (map.high === map.low) { return [[map.low, numberText(map.low)]]; }
      if (map.log && map.high / map.low >= 10) {
        const first = Math.ceil(Math.log10(map.low)), last = Math.floor(Math.log10(map.high));
        const ticks = [];
        for (let exponent = first; exponent <= last; exponent += 1) {
          for (const digit of last - first < 2 ? [1, 2, 5] : [1]) {
            const value = digit * Math.pow(10, exponent);
            if (value <= map.high) { ticks.push([value, numberText(value)]); }
          }
        }
        return ticks;
      }
      return labeledTicks(map.low, map.high, height / 45);
    }

    // Round numbers with as many digits as tell neighbors apart.
    function labeledTicks(low, high, count) {
      const ticks = roundTicks(low, high, count);
      const step = ticks.length > 1 ? ticks[1] - ticks[0] : high - low;
      const decimals = Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
      return ticks.map(tick => [tick, tick.toFixed(decimals).replace("-", "−")]);
    }

    function paintFrames(context, map, layout) {
      const x = value => layout.left + (value - map.x[0]) / (map.x[1] - map.x[0]) * layout.width;
      const y = value => layout.top + layout.height - (value - map.y[0]) / (map.y[1] - map.y[0]) * layout.height;
      map.frames.forEach(function (frame) {
        // A frame too small to see is drawn as a square of eight pixels around its middle.
        const middle = [(x(frame.x[0]) + x(frame.x[1])) / 2, (y(frame.y[0]) + y(frame.y[1])) / 2];
        const half = [Math.max(4, (x(frame.x[1]) - x(frame.x[0])) / 2), Math.max(4, (y(frame.y[0]) - y(frame.y[1])) / 2)];
        [["#fff", 4], ["#c0392b", 2]].forEach(function ([color, width]) {
          context.strokeStyle = color;
          context.lineWidth = width;
          context.strokeRect(middle[0] - half[0], middle[1] - half[1], 2 * half[0], 2 * half[1]);
        });
        context.font = "600 13px system-ui, sans-serif";
        context.textBaseline = "middle";
        const toLeft = middle[0] > layout.left + 0.6 * layout.width;
        context.textAlign = toLeft ? "right" : "left";
        const place = middle[0] + (toLeft ? -half[0] - 7 : half[0] + 7);
        context.lineWidth = 4;
        context.strokeStyle = "rgba(255,255,255,0.85)";
        context.strokeText(frame.label, place, middle[1]);
        context.fillStyle = "#a02a1e";
        context.fillText(frame.label, place, middle[1]);
      });
    }

    function stroke(context, fromX, fromY, toX, toY) {
      context.beginPath();
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
      context.stroke();
    }

    function turned(context, text, x, y) {
      context.save();
      context.translate(x, y);
      context.rotate(-Math.PI / 2);
      context.textBaseline = "middle";
      context.fillText(text, 0, 0);
      context.restore();
    }
    """#
}
