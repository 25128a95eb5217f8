// How far a command is that takes long: the step it is at, and for how long. What a step takes nobody knows beforehand, so there are
// no parts of steps.

import cliProgress from "cli-progress";

/** Whoever is done sooner sees nothing. */
const PATIENCE_MS = 1_000;

export class Steps {
  private readonly began = performance.now();
  private readonly wait: NodeJS.Timeout;
  private bar: cliProgress.SingleBar | undefined;
  private ticks: NodeJS.Timeout | undefined;
  private at = 0;

  constructor(private readonly names: readonly string[]) {
    this.wait = setTimeout(() => this.show(), PATIENCE_MS);
  }

  /** The next step begins. */
  next(): void {
    this.at++;
    this.update();
  }

  stop(): void {
    clearTimeout(this.wait);
    clearInterval(this.ticks);
    this.bar?.stop();
  }

  private show(): void {
    // Nothing is drawn where there is no terminal: standard error then holds the report alone.
    const format = "{bar} {value}/{total} done, {step} … {seconds} s";
    this.bar = new cliProgress.SingleBar({ format, barsize: 20, hideCursor: true, clearOnComplete: true, linewrap: false, stream: process.stderr }, cliProgress.Presets.shades_classic);
    this.bar.start(this.names.length, this.at, this.words());
    this.ticks = setInterval(() => this.update(), 200);
  }

  private update(): void {
    this.bar?.update(this.at, this.words());
  }

  private words() {
    return { step: this.names[this.at] ?? "", seconds: Math.floor((performance.now() - this.began) / 1000) };
  }
}
