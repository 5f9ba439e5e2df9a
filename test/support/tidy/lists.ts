import ts from 'typescript';
import type { HouseFile, Problem } from './tree.js';

/** Rooms of the contents page, in its order: the links to `clinic/<room>/`. */
export function roomsInContents(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(clinic\/([a-z0-9-]+)\//g)].map((match) => match[1] ?? '');
}

/** Rooms of the border rules, in downhill order. */
export function roomsInBorders(config: string): string[] {
  const list = /const downhill = \[([^\]]*)\]/.exec(config)?.[1] ?? '';
  return [...list.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** Rooms whose modules the application imports, in the order in which it names them. */
export function roomsInApplication(source: string): string[] {
  const file = ts.createSourceFile('app.module.ts', source, ts.ScriptTarget.Latest, true);
  const roomOf = new Map<string, string>();
  const rooms: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const path = (node.moduleSpecifier as ts.StringLiteral).text;
      const room = /^[.]\/clinic\/([^/]+)\/[^/]+[.]module[.]js$/.exec(path)?.[1];
      const names = node.importClause?.namedBindings;
      if (room === undefined || names === undefined || !ts.isNamedImports(names)) return;
      for (const name of names.elements) roomOf.set(name.name.text, room);
      return;
    }
    const room = ts.isIdentifier(node) ? roomOf.get(node.text) : undefined;
    if (room !== undefined && !rooms.includes(room)) rooms.push(room);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return rooms;
}

export interface Table {
  readonly model: string;
  readonly table: string;
  /** Name of the schema file it stands in, which is the name of its room. */
  readonly room: string;
}

/** The tables of one Prisma file. */
export function tablesOf({ path, text }: HouseFile): Table[] {
  const room = /([^/]+)[.]prisma$/.exec(path)?.[1] ?? '';
  return [...text.matchAll(/^model (\w+) \{([^}]*)\}/gm)].map(([, model = '', body = '']) => ({
    model,
    table: /@@map\("([^"]+)"\)/.exec(body)?.[1] ?? model,
    room,
  }));
}

/** Tables that belong to no room, and to none of the parts of the platform that keep one. */
export function homelessTables(tables: readonly Table[], owners: readonly string[]): Problem[] {
  return tables
    .filter((table) => !owners.includes(table.room))
    .map(({ model, room }) => `prisma/schema/${room}.prisma: ${model} belongs to no room`);
}

const WRITES =
  'create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany';

/** A table is written by its own room only; who reads it in SQL says so in a queries file. */
export function foreignWrites({ path, text }: HouseFile, tables: readonly Table[]): Problem[] {
  const room = /^src\/clinic\/([^/]+)\//.exec(path)?.[1];
  if (room === undefined || path.endsWith('.spec.ts')) return [];
  const found = (pattern: RegExp, name: (table: Table) => string): Problem[] =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const owner = tables.find((table) => name(table) === match[1])?.room;
      return owner === undefined || owner === room
        ? []
        : [`${path}: writes ${match[1]}, a table of ${owner}`];
    });
  return [
    ...found(
      new RegExp(`[.](\\w+)\\s*[.](?:${WRITES})\\(`, 'g'),
      ({ model }) => model.charAt(0).toLowerCase() + model.slice(1),
    ),
    ...found(/\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?/g, ({ table }) => table),
  ];
}

/**
 * Names of what the migrations make by hand: Prisma quotes its own names, we do not. Exclusion and check constraints,
 * triggers, and indexes that Prisma's schema cannot say (partial, or with an operator class).
 */
export function handMadeIn(sql: string): string[] {
  const code = sql.replace(/--.*$/gm, '');
  const found = (pattern: RegExp, isMade: boolean) =>
    [...code.matchAll(pattern)].map((match) => ({ name: match[1] ?? '', at: match.index, isMade }));
  const events = [
    ...found(/\bADD CONSTRAINT (\w+)\s+(?:EXCLUDE|CHECK)\b/g, true),
    ...found(/\bCREATE (?:CONSTRAINT )?TRIGGER (\w+)\b/g, true),
    ...found(/\bCREATE (?:UNIQUE )?INDEX (\w+) ON [^;]*(?:\bWHERE\b|\bUSING gin\b)/g, true),
    ...found(/\bDROP (?:CONSTRAINT|TRIGGER|INDEX)(?: IF EXISTS)? (\w+)\b/g, false),
  ].sort((a, b) => a.at - b.at);
  // What is dropped and made anew, differently, is there in the end.
  const names = new Set<string>();
  for (const { name, isMade } of events) {
    if (isMade) names.add(name);
    else names.delete(name);
  }
  return [...names].sort();
}
