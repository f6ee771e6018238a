/** The inbox of curators, on a server that takes their work. */

import type { App } from "../app";
import { frame } from "../inbox/frame";
import { identity } from "../inbox/identity";
import "../styles/card.css";
import "../styles/inbox.css";
import type { View } from "./view";

export const open = (app: App): View => frame(app, identity);
