// The curves by name; each is `axis`, `points(quick)` and `at(point)`, which gives the candidates there.

export const curveNames = ["grants", "users", "roles", "attributes", "record"];

export const curveOf = (name) => import(`./${name}.mjs`);
