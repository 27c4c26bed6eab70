import { openChat } from "/static/chat.js";
import { listWays } from "/static/ways.js";

openChat();
listWays();
