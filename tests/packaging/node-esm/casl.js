import * as casl from "latchgate/casl";
import * as extra from "latchgate/casl/extra";
import { askCasl } from "../ask.js";

console.log(askCasl(casl, extra));
