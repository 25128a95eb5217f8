import * as casl from "latchgate/casl";
import * as extra from "latchgate/casl/extra";
import { askCasl } from "../ask.js";

await casl.init();
globalThis.result = askCasl(casl, extra);
