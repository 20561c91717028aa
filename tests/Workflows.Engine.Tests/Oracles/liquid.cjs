// Reads {data, cases: [{template, escape}]} from the file named first, renders each with liquidjs, and writes the
// results, [{text} or {error}], to the file named second. The zone is the shop's.
const fs = require('fs');
const { Liquid } = require('liquidjs');

const { data, cases } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const engines = {
  none: new Liquid({ timezoneOffset: 'Asia/Shanghai' }),
  html: new Liquid({ timezoneOffset: 'Asia/Shanghai', outputEscape: 'escape' }),
};

const results = cases.map(({ template, escape }) => {
  try {
    return { text: engines[escape].parseAndRenderSync(template, structuredClone(data)) };
  } catch (error) {
    return { error: error.message };
  }
});
fs.writeFileSync(process.argv[3], JSON.stringify(results));
