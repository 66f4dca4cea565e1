import { TokenEditor } from './token-editor';
import { isIdentifierStart } from './tokens';
import type { ILogicalLine, IToken } from './tokens';

/**
 * Rewrites legal Python that the grammar of @lezer/python 1.1.19 does not know, or reads as Python 2, to what it knows.
 *
 * Every rewriting keeps the length, and texts are always read from the source itself, so that what a token says is never lost:
 * only what kind of node it makes. The visitor knows the few that matter, such as `==` for `as`.
 */
export function mend(chars: string[], lines: readonly ILogicalLine[]): void {
  for (const line of lines) {
    new Mender(chars, line.tokens).run();
  }
}

/** Operators that a subject of `match` has in Python but not in the grammar, which are made `|`. */
const BELOW_OPERATORS: ReadonlySet<string> = new Set(
  '== != < > <= >= <> := in is and or if else'.split(' ')
);

class Mender extends TokenEditor {
  run(): void {
    const { tokens } = this;
    const first = tokens[0].text;
    this.softKeywords();
    const head = first === 'async' ? 1 : 0;
    switch (tokens[head]?.text) {
      case 'with':
        this.withHeader(head);
        break;
      case 'for':
        this.forHeader(head);
        break;
      case 'except':
        this.replaceCommas(head + 1, this.blockColon(head));
        break;
      case 'def':
      case 'class':
      case 'type':
        this.typeParameters(head);
        break;
      case '@':
        this.decorator();
        break;
    }
    for (let i = 0; i < tokens.length; i++) {
      this.token(i);
    }
  }

  private token(i: number): void {
    const token = this.tokens[i];
    switch (token.text) {
      case 'print':
        // The grammar takes it for a statement's keyword.
        this.put(i, 'prin_');
        break;
      case 'not':
        this.not(i);
        break;
      case 'lambda':
        this.lambda(i);
        break;
      case 'yield':
        this.bareYield(i);
        break;
      case 'for':
        if (token.depth > 0) {
          this.plus(i + 1, this.find('in', i, token.depth));
        }
        break;
      case '[':
        if (this.isSubscript(i)) {
          this.plus(i + 1, token.partner);
        }
        break;
      case ':=':
        this.walrus(i);
        break;
      case '+=':
        this.plus(i + 1, this.tokens.length);
        break;
      case ':':
        // `*args: *Ts`
        if (this.tokens[i + 1]?.text === '*' && token.depth > 0) {
          this.put(i + 1, '+');
        }
        break;
    }
  }

  /** `match`, `case` and `type` are names unless they begin a statement of theirs; the grammar would try both. */
  private softKeywords(): void {
    const { tokens } = this;
    const last = tokens.length - 1;
    for (let i = 0; i <= last; i++) {
      const { text } = tokens[i];
      const next = tokens[i + 1];
      if (text === 'match' || text === 'case') {
        const isKeyword =
          i === 0 &&
          startsExpression(next) &&
          (text === 'match'
            ? tokens[last].text === ':'
            : this.blockColon(0) < tokens.length);
        if (!isKeyword) {
          this.put(i, '_'.repeat(text.length));
        } else if (text === 'match') {
          this.matchSubject();
        } else {
          this.casePattern();
        }
      } else if (text === 'type') {
        const before = tokens[i - 1]?.text;
        const isStart = i === 0 || before === ';' || before === ':';
        if (!(isStart && next?.kind === 'name' && next.text !== 'in')) {
          this.put(i, '____');
        }
      }
    }
  }

  /** `match a, *b:` has one subject in the grammar. */
  private matchSubject(): void {
    const end = this.tokens.length - 1;
    const { to } = this.tokens[0];
    if ('(['.includes(this.tokens[1].text) && this.chars[to] === ' ') {
      // Or else it may be a call, and the grammar gives one of the two up before a long subject ends.
      this.chars[to] = '~';
    }
    this.plus(1, end);
    this.replaceCommas(1, end);
    for (let i = 1; i < end; i++) {
      const { text, depth, from, to } = this.tokens[i];
      if (depth === 0 && BELOW_OPERATORS.has(text)) {
        this.fill(from, to, ' ');
        this.chars[from] = '|';
      } else if (depth === 0 && text === 'not') {
        const isSecond = ['is', 'in'].some(
          word =>
            this.tokens[i - 1].text === word || this.tokens[i + 1].text === word
        );
        this.fill(from, to, ' ');
        this.chars[from] = isSecond ? ' ' : '~';
      }
    }
  }

  /** Empty patterns, texts side by side, and attributes as keys of mappings. */
  private casePattern(): void {
    const { tokens } = this;
    const end = this.blockColon(0);
    const guard = this.find('if', 0, 0);
    for (let i = 1; i < Math.min(end, guard); i++) {
      const token = tokens[i];
      const next = tokens[i + 1];
      if ('([{'.includes(token.text) && token.partner === i + 1) {
        // `{}` and `A()`: a number and a name make patterns, too.
        const isClass = i > 1 && tokens[i - 1].kind === 'name';
        this.fill(token.from, next.to, '0');
        if (isClass) {
          this.fill(tokens[i - 1].to, token.from, '_');
        } else {
          this.put(i, ' ');
        }
      } else if (token.kind === 'string' && next?.kind === 'string') {
        this.fill(token.from, next.from, ' ');
      } else if (
        next?.text === '.' &&
        token.kind === 'name' &&
        this.isMappingKey(i)
      ) {
        this.fill(next.from, tokens[i + 2].to, '_');
        if (tokens[i + 3]?.text === '.') {
          this.fill(token.to, tokens[i + 4].to, '_');
        }
      }
    }
    for (let i = guard; i < end; i++) {
      if (tokens[i].text === ':=') {
        this.put(i, '==');
      }
    }
  }

  private isMappingKey(i: number): boolean {
    const before = this.tokens[i - 1]?.text;
    const opener = this.opener(i);
    return (
      (before === '{' || before === ',') &&
      opener >= 0 &&
      this.tokens[opener].text === '{'
    );
  }

  /** `with (a as b, c as d):` and `with a as b.c:`. */
  private withHeader(head: number): void {
    const { tokens } = this;
    const colon = this.blockColon(head);
    const open = tokens[head + 1];
    let depth = 0;
    if (open?.text === '(' && open.partner === colon - 1) {
      const inside = tokens.slice(head + 2, open.partner);
      if (inside.some(one => one.text === 'as' && one.depth === 1)) {
        this.put(head + 1, ' ');
        this.put(open.partner, ' ');
        depth = 1;
      }
    }
    for (let i = head + 1; i < colon; i++) {
      if (tokens[i].text === 'as' && tokens[i].depth === depth) {
        const after = tokens[i + 2];
        const isName =
          tokens[i + 1]?.kind === 'name' &&
          (after === undefined || [',', ':', ')'].includes(after.text));
        if (!isName) {
          this.put(i, '==');
        }
      }
    }
  }

  /** `for x in *a, b:` */
  private forHeader(head: number): void {
    this.plus(this.find('in', head, 0), this.blockColon(head));
  }

  /** Defaults of type parameters are not evaluated until asked for. */
  private typeParameters(head: number): void {
    const { tokens } = this;
    const open = tokens[head + 2];
    if (open?.text !== '[' || open.partner < 0) {
      return;
    }
    for (let i = head + 3; i < open.partner; i++) {
      if (tokens[i].text === '=' && tokens[i].depth === open.depth + 1) {
        let end = i;
        while (
          end < open.partner &&
          !(tokens[end].text === ',' && tokens[end].depth === open.depth + 1)
        ) {
          end++;
        }
        this.fill(tokens[i].from, tokens[end].from, ' ');
        i = end;
      }
    }
  }

  /** Any expression may decorate, but the grammar knows dotted names and their calls: the rest becomes a statement of its own. */
  private decorator(): void {
    const { tokens } = this;
    let i = 1;
    while (tokens[i]?.kind === 'name' && tokens[i + 1]?.text === '.') {
      i += 2;
    }
    const isDotted = tokens[i]?.kind === 'name';
    const after = tokens[i + 1];
    const isKnown =
      isDotted &&
      (after === undefined ||
        (after.text === '(' && after.partner === tokens.length - 1));
    if (!isKnown) {
      this.put(0, '~');
      const walrus = this.find(':=', 0, 0);
      if (walrus < tokens.length) {
        this.put(walrus, '==');
      }
    }
  }

  /** The grammar lets `not` reach across `and`, `or` and comparisons; `~` reaches too little, which hurts less. */
  private not(i: number): void {
    const before = this.tokens[i - 1];
    const next = this.tokens[i + 1];
    const isOperator =
      before?.text === 'is' || (next?.text === 'in' && before !== undefined);
    if (!isOperator && next?.text !== 'lambda') {
      this.put(i, '~  ');
    }
  }

  /** `lambda a, /, b,: …` */
  private lambda(i: number): void {
    const { tokens } = this;
    const { depth } = tokens[i];
    let nested = 0;
    for (let k = i + 1; k < tokens.length; k++) {
      const token = tokens[k];
      if (token.depth < depth) {
        return;
      }
      if (token.depth > depth) {
        continue;
      }
      if (token.text === 'lambda') {
        nested++;
      } else if (token.text === ':' && nested-- === 0) {
        if (tokens[k - 1].text === ',') {
          this.put(k - 1, ' ');
        }
        return;
      } else if (
        token.text === '/' &&
        tokens[k - 1].text === ',' &&
        nested === 0
      ) {
        this.put(k, '_');
      }
    }
  }

  /** `yield` without a value, inside an expression. */
  private bareYield(i: number): void {
    const next = this.tokens[i + 1];
    if (next === undefined || [')', ']', '}', ';', '='].includes(next.text)) {
      this.put(i, '_____');
    }
  }

  /** `{a := 1}` */
  private walrus(i: number): void {
    const opener = this.opener(i);
    if (opener >= 0 && this.tokens[opener].text === '{') {
      this.put(i, '==');
    }
  }

  private isSubscript(i: number): boolean {
    const before = this.tokens[i - 1];
    const isTypeParameters = ['def', 'class', 'type'].includes(
      this.tokens[i - 2]?.text
    );
    return (
      before !== undefined &&
      !isTypeParameters &&
      (before.kind === 'string' ||
        ')]}'.includes(before.text) ||
        (before.kind === 'name' && !startsOperand(before.text)))
    );
  }
}

/** Whether a token can begin an expression or a pattern, so that the soft keyword before it is one. */
function startsExpression(token: IToken | undefined): boolean {
  return (
    token !== undefined &&
    (token.kind !== 'operator' ||
      ['(', '[', '{', '-', '*', '~', '+', '...'].includes(token.text)) &&
    !['in', 'is', 'and', 'or', 'if', 'else', 'for', 'as'].includes(token.text)
  );
}

/** Keywords behind which `[` begins a list. */
function startsOperand(text: string): boolean {
  return (
    isIdentifierStart(text.charCodeAt(0)) &&
    /^(?:and|as|assert|await|case|del|elif|else|except|for|from|if|in|is|lambda|match|not|or|raise|return|while|with|yield|import)$/.test(
      text
    )
  );
}
