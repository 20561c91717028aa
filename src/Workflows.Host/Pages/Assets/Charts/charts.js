// Draws the charts of a report page from the figures that stand in it. Without this the tables beneath say all there is to say.
(function () {
  'use strict';
  const charts = [];

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const of = name => style.getPropertyValue(name).trim();
    return { text: of('--text-2'), line: of('--line'), surface: of('--surface'), font: getComputedStyle(document.body).fontFamily, strong: of('--text'), bad: of('--bad'), series: [of('--brand'), of('--chart-2'), of('--chart-3'), of('--chart-4'), of('--chart-5'), of('--chart-6'), of('--chart-7'), of('--chart-8')] };
  }

  function seriesOf(chart, c, s, i) {
    const series = {
      name: s.name, type: s.kind, data: s.values, yAxisIndex: s.axis, color: s.tone === 'bad' ? c.bad : c.series[i % c.series.length],
      stack: chart.stacked && s.kind === 'bar' ? 'all' : undefined, barMaxWidth: 36, connectNulls: false, symbolSize: 7, lineStyle: { width: 2.5 }, animation: false,
    };
    if (chart.limit && i === chart.series.findIndex(x => x.axis === chart.limit.axis)) {
      series.markLine = {
        silent: true, symbol: 'none', data: [{ yAxis: chart.limit.value }], lineStyle: { color: c.bad, type: 'dashed', width: 1.5 },
        label: { formatter: chart.limit.label, position: 'insideEndTop', color: c.bad, fontWeight: 600, backgroundColor: c.surface, padding: [2, 5], borderRadius: 4 },
      };
    }
    return series;
  }

  function optionOf(chart, c, narrow) {
    const axis = (unit, right) => ({
      type: 'value', position: right ? 'right' : 'left', name: unit, nameTextStyle: { color: c.text, align: right ? 'right' : 'left' }, min: 0, minInterval: unit === '%' ? 0 : 1,
      max: chart.limit && unit === '%' ? v => Math.max(Math.ceil(v.max), Math.ceil(chart.limit.value * 1.25)) : undefined,
      axisLabel: { color: c.text }, splitLine: { show: !right, lineStyle: { color: c.line } },
    });
    return {
      aria: { enabled: false }, animation: false, textStyle: { fontFamily: c.font },
      grid: { left: 8, right: 8, top: narrow ? 64 : 52, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, type: 'plain', textStyle: { color: c.text, fontFamily: c.font }, itemWidth: 16, itemHeight: 10, itemGap: 16 },
      tooltip: {
        trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: c.surface, borderColor: c.line, textStyle: { color: c.strong, fontSize: 13 },
        formatter: points => [points[0].axisValueLabel].concat(points.map(p => p.seriesName + '  ' + (p.value === null || p.value === undefined ? '–' : p.value + (chart.series[p.seriesIndex].unit === '%' ? ' %' : '')))).join('\n'),
      },
      xAxis: { type: 'category', data: chart.labels, axisLabel: { color: c.text, hideOverlap: true }, axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false } },
      yAxis: chart.units.map((unit, i) => axis(unit, i > 0)),
      series: chart.series.map((s, i) => seriesOf(chart, c, s, i)),
    };
  }

  function draw() {
    const c = colours();
    charts.forEach(x => x.drawn.setOption(optionOf(x.chart, c, x.box.clientWidth < 480), true));
  }

  document.querySelectorAll('[data-chart]').forEach(box => {
    const drawn = echarts.init(box, null, { renderer: 'svg' });
    charts.push({ box, drawn, chart: JSON.parse(box.dataset.chart) });
    new ResizeObserver(() => { drawn.resize(); }).observe(box);
  });
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
