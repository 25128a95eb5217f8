// An ability for each request, as back ends make them.

export const title = "An ability for each request: rules, one question, forgotten";

export const jobs = ({ timing }) => [5, 20, 50].map((rules) => ({ label: `requests: ${rules} rules`, task: "requests", input: { rules, timing } }));

export const summary = (outcomes) => ({
  wrong: outcomes.flatMap(({ wrong = [] }) => wrong.map(({ name }) => name)),
  // Under each engine's name and the number of rules.
  rows: outcomes.flatMap(({ rows = [], rules }) => rows.map((row) => ({ ...row, name: `${row.name}, ${rules} rules` }))),
});
