// One measurement, asked for and answered over the channel to the process that started this one.

process.once("message", async ({ task, input }) => {
  const answer = await run(task, input).catch((error) => ({ error: error.stack ?? String(error) }));
  // Not by itself: some engines leave timers behind.
  process.send(answer, () => process.exit(0));
});

async function run(task, input) {
  const { default: work } = await import(`./children/${task}.mjs`);
  return { result: await work(input) };
}
