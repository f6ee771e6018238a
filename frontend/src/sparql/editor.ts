/** The editor: CodeMirror in a shadow root with constructed style sheets, which `style-src 'self'` allows. */

import { acceptCompletion, autocompletion, type Completion, type CompletionContext, type CompletionResult,
  closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, LanguageSupport, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";
import type { Suggestion } from "./completion";

export type Editor = ReturnType<typeof editor>;

export interface Asked {
  run(): void;
  /** Is told the text after every change. */
  changed(text: string): void;
  suggest(typed: string, text: string, at: number, isExplicit: boolean): Promise<Suggestion[]>;
  sortName(sort: Suggestion["sort"]): string;
}

export function editor(text: string, asked: Asked) {
  const element = document.createElement("div");
  element.className = "editor";
  const root = element.attachShadow({ mode: "open" });
  const labels = new Compartment();
  // keys that are shortcuts of the page are text here
  element.addEventListener("keydown", (event) => event.stopPropagation());

  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => { asked.run(); return true; } }])),
        lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(),
        EditorView.lineWrapping,
        new LanguageSupport(SparqlLanguage.configure({ props: [TERMS] })),
        syntaxHighlighting(colours()),
        autocompletion({ override: [(context) => completions(context, asked)], maxRenderedOptions: 60, icons: false }),
        keymap.of([{ key: "Tab", run: acceptCompletion }, ...closeBracketsKeymap, ...completionKeymap,
          ...defaultKeymap, ...historyKeymap]),
        EditorView.domEventHandlers({ beforeinput: typedOver }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) asked.changed(state.doc.toString());
        }),
        EditorView.theme(THEME),
        EditorState.tabSize.of(2),
        labels.of([]),
      ],
    }),
  });

  return {
    element,
    text: () => view.state.doc.toString(),
    replace(next: string): void {
      const { doc } = view.state;
      if (next === doc.toString()) return;
      const changes = { from: 0, to: doc.length, insert: next };
      view.dispatch({ changes, selection: { anchor: 0 }, scrollIntoView: true });
    },
    /** Underlines a mistake, or words in doubt. */
    mark: (from: number, to: number, message: string, isDoubt = false) =>
      view.dispatch(setDiagnostics(view.state, [{ from, to, severity: isDoubt ? "warning" : "error", message }])),
    /** Replaces the text and keeps the place of the cursor as far as possible. */
    change(next: string): void {
      const { doc, selection } = view.state;
      const anchor = Math.min(selection.main.head, next.length);
      view.dispatch({ changes: { from: 0, to: doc.length, insert: next }, selection: { anchor } });
    },
    unmark: () => view.dispatch(setDiagnostics(view.state, [])),
    go(to: number): void {
      view.dispatch({ selection: { anchor: Math.min(to, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
    /** Names the editor and its completions in the chosen language. */
    relabel: (label: string, name: string) => view.dispatch({ effects: labels.reconfigure([
      EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true" }),
      EditorState.phrases.of({ Completions: name }),
    ]) }),
  };
}

/** Replaces a selection by typed text: browsers would add style attributes, which the page forbids. */
function typedOver(event: InputEvent, view: EditorView): boolean {
  const { from, to, empty } = view.state.selection.main;
  const text = event.data;
  if (event.inputType !== "insertText" || event.isComposing || view.composing || empty || !text) return false;
  const insert = () =>
    view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  const isHandled = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert));
  if (!isHandled) view.dispatch(insert());
  return true;
}

async function completions(context: CompletionContext, asked: Asked): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[?$]?[\p{L}\p{N}_-]*:?[\p{L}\p{N}_.-]*/u);
  if (!word) return null;
  const inside = syntaxTree(context.state).resolveInner(context.pos, -1).name;
  if (!context.explicit && /Comment|String|^IriRef$/.test(inside)) return null;
  const found = await asked.suggest(word.text, context.state.doc.toString(), context.pos, context.explicit);
  const options = found.map(({ text, sort, detail }, at): Completion => ({
    label: text,
    detail: detail || (sort === "keyword" || sort === "variable" ? "" : asked.sortName(sort)),
    type: sort,
    boost: -at,
    apply: sort === "keyword" ? `${text} ` : text,
  }));
  return options.length && !context.aborted ? { from: word.from, options, filter: false } : null;
}

/** The package tags keywords and literals, but no IRIs and prefixed names. */
const TERMS = styleTags(
  { "Pname_ln Pname_ns IriRef": tags.namespace, A_predicate: tags.keyword, Langtag: tags.annotation });

const colours = (): HighlightStyle =>
  HighlightStyle.define([
    { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
    { tag: [tags.string, tags.integer, tags.float, tags.bool], color: "var(--note)" },
    { tag: tags.variableName, color: "var(--ink)", fontStyle: "italic" },
    { tag: [tags.namespace, tags.url, tags.typeName], color: "var(--term)" },
    { tag: [tags.comment, tags.annotation], color: "var(--soft)" },
  ]);

/** The theme, in the colours of the page. */
const THEME = {
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: ".9rem", border: "1px solid var(--frame)",
    borderRadius: ".45rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "ui-monospace, 'DejaVu Sans Mono', monospace", lineHeight: "1.5",
    maxHeight: "var(--editor-most, 42vh)", overflow: "auto" },
  ".cm-content, .cm-gutter": { minHeight: "var(--editor-least, 9rem)" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".4rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--soft)", borderRight: "1px solid var(--edge)",
    borderRadius: ".45rem 0 0 .45rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--wash) 45%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 30%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--wash)", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--warn-wash)", outline: "1px solid var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", backgroundColor: "var(--warn-wash)",
    textDecoration: "underline wavy var(--warn)", textUnderlineOffset: ".2em" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--note)",
    textUnderlineOffset: ".2em" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--warn)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--frame)",
    borderRadius: ".4rem", boxShadow: "0 .4rem 1.2rem #0003" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "15rem",
    maxWidth: "min(38rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .6rem", lineHeight: "1.4" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".85", marginLeft: ".8em" },
  ".cm-completionMatchedText": { textDecoration: "none" },
};
