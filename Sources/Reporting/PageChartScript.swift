extension PageScript {
  /// Line charts and bars, drawn by Chart.js.
  static let charts = #"""
    Chart.defaults.font.family = "system-ui, 'Helvetica Neue', Arial, sans-serif";
    Chart.defaults.font.size = 13;
    Chart.defaults.color = ink;
    Chart.defaults.animation = false;
    Chart.defaults.locale = "en-US";

    function scaleOf(axis, isVertical) {
      const scale = {
        type: axis.log ? "logarithmic" : "linear",
        title: {display: true, text: axis.title, font: {size: 14, weight: "500"}, color: ink},
        grid: {
          // Lines without a number are the finer ones of logarithmic paper.
          color: line => axis.ticks && line.tick && !line.tick.label ? "#f0f2f5" : gridColor,
          borderColor: "#8b95a5", tickColor: "#8b95a5"
        },
        ticks: {maxRotation: 0, padding: 4, includeBounds: false}
      };
      if (axis.low !== undefined) { scale.min = axis.low; scale.max = axis.high; }
      if (axis.ticks) {
        const labels = new Map(axis.ticks);
        scale.afterBuildTicks = built => { built.ticks = axis.ticks.map(tick => ({value: tick[0]})); };
        scale.ticks.autoSkip = false;
        scale.ticks.callback = value => labels.get(value) || "";
      } else {
        scale.ticks.maxTicksLimit = isVertical ? 8 : 10;
      }
      return scale;
    }

    // Legends are elements of the page, so that they wrap, print and can be reached by keyboard.
    function addLegendEntry(figure, name, color, shape, toggle) {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      const swatch = document.createElement("span");
      swatch.className = "swatch " + shape;
      if (shape === "dot" || shape === "box") { swatch.style.background = color; } else {
        swatch.style.borderTopColor = color;
      }
      button.append(swatch, name);
      button.addEventListener("click", function () {
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(shown));
        toggle(shown);
      });
      figure.querySelector(".legend").append(button);
    }

    function addShading(figure, shading) {
      const entry = document.createElement("span");
      entry.className = "shading";
      const ramp = document.createElement("span");
      ramp.className = "ramp";
      const stops = [0, 0.25, 0.5, 0.75, 1].map(shade);
      ramp.style.background = "linear-gradient(to right," + stops.join(",") + ")";
      entry.append(shading.label + " " + shading.first, ramp, shading.last);
      figure.querySelector(".legend").append(entry);
    }

    const widths = {line: 2, thin: 1, thick: 3, dashed: 2, steps: 2, points: 0};

    function drawLines(chart, canvas, figure) {
      const gap = value => value === null ? NaN : value;
      const points = (x, y) => x.map((value, index) => ({x: gap(value), y: gap(y[index])}));
      const datasets = [];
      const legend = [];
      chart.bands.forEach(function (band) {
        const color = colorOf(band.color);
        const common = {borderWidth: 0, pointRadius: 0, pointHitRadius: 0, order: 10, isBand: true};
        datasets.push({...common, data: points(band.x, band.low), fill: false});
        datasets.push({...common, data: points(band.x, band.high), fill: "-1",
          backgroundColor: translucent(color, 0.2)});
        if (band.name) { legend.push([band.name, translucent(color, 0.35), "box", [datasets.length - 2,
          datasets.length - 1]]); }
      });
      const order = {thin: 5, points: 4, line: 2, steps: 2, dashed: 3, thick: 1};
      chart.curves.forEach(function (curve) {
        const color = colorOf(curve.color);
        const isPoints = curve.style === "points";
        datasets.push({
          label: curve.name, data: points(curve.x, curve.y), order: order[curve.style], p: curve.p,
          borderColor: curve.style === "thin" ? translucent(color, 0.75) : color, backgroundColor: color,
          borderWidth: widths[curve.style], showLine: !isPoints, stepped: curve.style === "steps",
          borderDash: curve.style === "dashed" ? [7, 5] : [], borderJoinStyle: "round",
          pointRadius: isPoints ? (curve.x.length > 400 ? 1.6 : 2.4) : 0, pointBorderWidth: 0,
          pointHoverRadius: 4, fill: false, spanGaps: false
        });
        if (curve.name) {
          const shape = isPoints ? "dot" : curve.style === "dashed" ? "dash" : "line";
          legend.push([curve.name, color, shape, [datasets.length - 1]]);
        }
      });
      const drawing = new Chart(canvas, {
        type: "line", data: {datasets},
        options: {
          maintainAspectRatio: false,
          interaction: {mode: "nearest", axis: "xy", intersect: false},
          scales: {x: scaleOf(chart.x, false), y: scaleOf(chart.y, true)},
          plugins: {
            legend: {display: false},
            tooltip: {
              displayColors: false, filter: item => !item.dataset.isBand,
              callbacks: {
                title: () => "",
                label: function (item) {
                  const share = item.dataset.p;
                  const y = share ? "F = " + numberText(100 * share[item.dataIndex]) + " %"
                    : withUnit(item.parsed.y, chart.y.unit);
                  const name = item.dataset.label ? item.dataset.label + ": " : "";
                  return name + withUnit(item.parsed.x, chart.x.unit) + ", " + y;
                }
              }
            }
          }
        }
      });
      legend.forEach(([name, color, shape, numbers]) => addLegendEntry(figure, name, color, shape, function (shown) {
        numbers.forEach(number => drawing.setDatasetVisibility(number, shown));
        drawing.update();
      }));
      if (chart.shading) { addShading(figure, chart.shading); }
    }

    // White or dark, whichever stands out.
    function readableOn(color) {
      const [red, green, blue] = color.startsWith("#") ? channels(color) : color.match(/\d+/g).map(Number);
      return 0.3 * red + 0.59 * green + 0.11 * blue > 140 ? ink : "#fff";
    }

    // Each bar's value inside it, and a whisker for its interval.
    const barMarks = {
      id: "barMarks",
      afterDatasetsDraw: function (drawing) {
        const context = drawing.ctx;
        context.save();
        drawing.data.datasets.forEach(function (dataset, number) {
          if (!drawing.isDatasetVisible(number)) { return; }
          drawing.getDatasetMeta(number).data.forEach(function (bar, index) {
            const interval = dataset.intervals[index];
            if (interval && !dataset.isStacked) {
              const [low, high] = interval.map(end => drawing.scales.x.getPixelForValue(end));
              context.strokeStyle = ink;
              context.lineWidth = 1.5;
              context.beginPath();
              context.moveTo(low, bar.y);
              context.lineTo(high, bar.y);
              [low, high].forEach(function (end) {
                context.moveTo(end, bar.y - 5);
                context.lineTo(end, bar.y + 5);
              });
              context.stroke();
              return;
            }
            const text = withUnit(Number(dataset.data[index].toPrecision(2)), dataset.unit);
            context.font = "600 13px system-ui, sans-serif";
            context.textBaseline = "middle";
            context.textAlign = "center";
            if (Math.abs(bar.x - bar.base) > context.measureText(text).width + 8) {
              context.fillStyle = readableOn(dataset.backgroundColor);
              context.fillText(text, (bar.x + bar.base) / 2, bar.y);
            }
          });
        });
        context.restore();
      }
    };

    function drawBars(chart, canvas, figure) {
      const rows = chart.stacked ? 1 : chart.series.length;
      canvas.parentElement.style.flexBasis = 74 + chart.categories.length * (18 + 28 * rows) + "px";
      const x = scaleOf(chart.x, false);
      x.stacked = chart.stacked;
      x.beginAtZero = true;
      const drawing = new Chart(canvas, {
        type: "bar", plugins: [barMarks],
        data: {
          labels: chart.categories,
          datasets: chart.series.map(series => ({
            label: series.name, data: series.values, backgroundColor: colorOf(series.color), unit: chart.x.unit,
            intervals: series.intervals, isStacked: chart.stacked, maxBarThickness: 30
          }))
        },
        options: {
          indexAxis: "y", maintainAspectRatio: false,
          scales: {x, y: {stacked: chart.stacked, grid: {display: false, borderColor: "#8b95a5"},
            ticks: {font: {size: 14}, autoSkip: false}}},
          plugins: {
            legend: {display: false},
            tooltip: {callbacks: {label: item => item.dataset.label + ": " + withUnit(item.parsed.x, chart.x.unit)}}
          }
        }
      });
      chart.series.forEach(function (series, number) {
        addLegendEntry(figure, series.name, colorOf(series.color), "box", function (shown) {
          drawing.setDatasetVisibility(number, shown);
          drawing.update();
        });
      });
    }
    """#
}
