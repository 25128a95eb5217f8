// No candidate is timed before it has given the reference's answer.

/**
 * Asks every check, or the first `limit`, and compares with its `e`.
 * @returns {Promise<{ asked: number, wrong: number, first?: object }>}
 */
export async function verify({ call, checks, fields, answer = Boolean }, limit = Infinity) {
  let wrong = 0;
  let first;
  const asked = Math.min(checks.length, limit);
  for (const check of checks.slice(0, asked)) {
    const got = await answered(() => call(...fields.map((field) => check[field])), answer, check);
    if (got === check.e) continue;
    wrong++;
    first ??= { u: check.u, a: check.a, r: check.r, o: check.o, expected: check.e, got };
  }
  return { asked, wrong, first };
}

/** An exception is a wrong answer. */
async function answered(ask, answer, check) {
  try {
    return answer(await ask(), check);
  } catch (error) {
    return String(error);
  }
}
