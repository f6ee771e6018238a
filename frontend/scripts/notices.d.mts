import type { Plugin } from "vite";

export function notices(): { main: Plugin; worker: () => Plugin };
