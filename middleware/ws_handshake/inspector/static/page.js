// The inspector's own page: the live part, and the editor.

import { find } from "./dom.js";
import { openEditor } from "./editor.js";
import { openLive } from "./live.js";

const editor = openEditor(find("#editor"));
openLive(find("#live"), { connected: editor.again });
find("#host").textContent = location.host;
