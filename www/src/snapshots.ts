// The recorded snapshots, as text: the engine reads them itself. Each is fetched when it is chosen.

export interface Sample {
  key: string;
  title: string;
  /** Somebody with enough and not too much to see. */
  principal: string;
  text(): Promise<string>;
}

const files = import.meta.glob<string>("../../tests/vectors/snapshots/*.json", { query: "?raw", import: "default" });

function sample(key: string, title: string, file: string, principal: string): Sample {
  const load = files[`../../tests/vectors/snapshots/${file}.json`];
  if (load === undefined) throw new Error(`there is no snapshot ${file}`);
  return { key, title, principal, text: load };
}

export const SAMPLES: readonly Sample[] = [
  sample("hantera", "Hantera", "hantera.main", "p-multi"),
  sample("emporix", "Emporix", "emporix.main", "u-manage"),
  sample("open-archiver", "Open Archiver", "oa.main", "u:enduser"),
  sample("kura", "Eclipse Kura", "kura.main", "appadmin"),
  sample("ithbat", "Ithbat", "ithbat.main", "u-permwrite"),
];
