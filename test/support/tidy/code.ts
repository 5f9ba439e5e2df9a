import ts from 'typescript';
import type { HouseFile, Problem } from './tree.js';

export const FILE_LINES_MAX = 300;
export const FUNCTION_LINES_MAX = 60;
export const CONSTRUCTOR_PARAMETERS_MAX = 6;

/** Where something is in a file. */
type Report = (node: ts.Node, what: string) => void;

type Rule = (node: ts.Node, report: Report) => void;

const isCalled = (node: ts.Node, object: string, property: string): boolean =>
  ts.isPropertyAccessExpression(node) &&
  node.name.text === property &&
  ts.isIdentifier(node.expression) &&
  node.expression.text === object;

/** `new Date()` and `Date()` are the time of this machine; `new Date(value)` is a conversion. */
const noDate =
  (conversionsToo: boolean): Rule =>
  (node, report) => {
    if (isCalled(node, 'Date', 'now') || isCalled(node, 'Temporal', 'Now'))
      report(node, 'asks the clock itself');
    if (ts.isCallExpression(node) && node.expression.getText() === 'Date')
      report(node, 'asks the clock itself');
    if (!ts.isNewExpression(node) || node.expression.getText() !== 'Date') return;
    if (node.arguments === undefined || node.arguments.length === 0) report(node, 'asks the clock itself');
    else if (conversionsToo) report(node, 'makes a Date: platform/time converts');
  };

const PROCESS = /^(?:globalThis[.])?process$/;

const noEnvironment: Rule = (node, report) => {
  const isRead =
    (ts.isPropertyAccessExpression(node) && node.name.text === 'env') ||
    (ts.isElementAccessExpression(node) && node.argumentExpression.getText().includes('env'));
  if (isRead && PROCESS.test(node.expression.getText())) report(node, 'reads the environment');
  const isTakenApart = ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name);
  if (isTakenApart && PROCESS.test(node.initializer?.getText() ?? '')) report(node, 'takes process apart');
  const isImport = ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier);
  if (isImport && /^(?:node:)?process$/.test((node.moduleSpecifier as ts.StringLiteral).text))
    report(node, 'imports process, which holds the environment');
};

const noEscapeFromTypes: Rule = (node, report) => {
  if (node.kind === ts.SyntaxKind.AnyKeyword) report(node, 'any');
  if (ts.isNonNullExpression(node)) report(node, 'a non-null !');
};

/** What an argument is checked by is the class that its type is written as: of a union or a list nothing is left at run time. */
const checkedArguments: Rule = (node, report) => {
  if (!ts.isParameter(node) || node.type === undefined || ts.isTypeReferenceNode(node.type)) return;
  if (/\w+Input\b/.test(node.type.getText()))
    report(node, 'an input that nobody checks: write it as its class');
};

/** class-validator throws at numbers that JavaScript writes with an exponent, such as 5e-324. */
const noThrowingDecimals: Rule = (node, report) => {
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'maxDecimalPlaces')
    report(node, 'maxDecimalPlaces, which throws at 5e-324: HasDecimalPlaces does not');
};

const RUNNERS = /^(?:it|test|describe|bench)$/;
const HIDERS = /^(?:skip|only|todo|skipIf|runIf|fails)$/;

/** `it.skip`, `describe.only`, `it.skipIf(...)`, `context.skip()`: a test that does not run says nothing. */
const noHiddenTests: Rule = (node, report) => {
  if (!ts.isPropertyAccessExpression(node) || !HIDERS.test(node.name.text)) return;
  const object = node.expression.getText();
  const isRunner = RUNNERS.test(object.split('.')[0] ?? '');
  const isContext = /^(?:context|ctx|task)$/.test(object);
  if (isRunner || isContext) report(node, `${object}.${node.name.text} hides tests`);
};

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

/** From its name (not its decorators and comments) to its closing brace. */
const shortFunctions: Rule = (node, report) => {
  if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
  const source = node.getSourceFile();
  const from = node.name === undefined ? node.getStart() : node.name.getStart();
  const lines = lineOf(source, node.getEnd()) - lineOf(source, from) + 1;
  if (lines > FUNCTION_LINES_MAX)
    report(node, `a function of ${lines} lines, more than ${FUNCTION_LINES_MAX}`);
};

const fewDependencies: Rule = (node, report) => {
  if (!ts.isConstructorDeclaration(node) || node.parameters.length <= CONSTRUCTOR_PARAMETERS_MAX) return;
  report(
    node,
    `a constructor of ${node.parameters.length} parameters, more than ${CONSTRUCTOR_PARAMETERS_MAX}`,
  );
};

function rulesFor(path: string): readonly Rule[] {
  const isSpec = path.endsWith('.spec.ts');
  const isCode = path.startsWith('src/');
  return [
    noEscapeFromTypes,
    noHiddenTests,
    noThrowingDecimals,
    ...(path.endsWith('.resolver.ts') ? [checkedArguments] : []),
    ...(isCode && !path.startsWith('src/platform/time/') ? [noDate(!isSpec)] : []),
    ...(isCode && !path.startsWith('src/platform/config/') ? [noEnvironment] : []),
    ...(isSpec ? [] : [shortFunctions, fewDependencies]),
  ];
}

/** What a file of TypeScript says that the house does not say. */
export function codeProblems({ path, text }: HouseFile): Problem[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const problems: Problem[] = [];
  const rules = rulesFor(path);
  const visit = (node: ts.Node): void => {
    for (const rule of rules)
      rule(node, (where, what) => problems.push(`${path}:${lineOf(source, where.getStart())}: ${what}`));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}

/** Files of one kind of thing, one after another, which splitting would only make harder to look through. */
const LONG_BY_NATURE: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/[.]spec[.]ts$/, 'a list of examples'],
  [/[.]type[.]ts$/, 'a list of what callers see, most of it descriptions'],
  [/^test\/support\/dicom-scu[.]ts$/, 'a DICOM peer that can misbehave in every way, one method for each'],
  [/^prisma\/seed\//, 'a table of reference data or of synthetic people'],
];

export function lengthProblems({ path, text }: HouseFile): Problem[] {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= FILE_LINES_MAX || LONG_BY_NATURE.some(([pattern]) => pattern.test(path))) return [];
  return [`${path}: ${lines} lines, more than ${FILE_LINES_MAX}. A noun is missing`];
}

// In two halves, so that this file does not find itself.
const PROMISES = new RegExp(
  `\\b(?:${['TO', 'FIX', 'X', 'HA'].map((a, i) => a + ['DO', 'ME', 'XX', 'CK'][i]).join('|')})\\b`,
);

/** A promise in a comment is kept by nobody. */
export function promiseProblems({ path, text }: HouseFile): Problem[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      PROMISES.test(line) ? [`${path}:${index + 1}: ${PROMISES.exec(line)?.[0]}`] : [],
    );
}
