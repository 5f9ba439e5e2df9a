// A running Facet's GraphQL API, and who of its demo clinic may sign in: for the demo's commands.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const HTTP = `http://${process.env.HOST || '127.0.0.1'}:${process.env.PORT || 3000}`;
const HOME = process.env.FACET_HOME || '.facet';

export async function ask(query, variables = {}, token) {
  const response = await fetch(`${HTTP}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  }).catch(() => stop(`Nothing answers at ${HTTP}/graphql. Start Facet first: npm start`));
  const { data, errors } = await response.json();
  if (errors) stop(errors.map((error) => error.message).join('\n'));
  return data;
}

export function stop(message) {
  console.error(message);
  process.exit(1);
}

function demoPassword() {
  try {
    return readFileSync(join(HOME, 'demo-password'), 'utf8').trim();
  } catch {
    return stop(`There is no demo clinic in ${HOME}. Start Facet without DATABASE_URL first: npm start`);
  }
}

/** Signs in as one of the demo clinic: reception, clinician, imaging, mdt, manager, admin. */
export async function signInAs(who) {
  const { signIn } = await ask(
    `mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { token } ... on Refusal { message } } }`,
    { input: { email: `${who}@facet.example`, password: demoPassword() } },
  );
  return signIn.token ?? stop(signIn.message);
}

/** A verb by its name; what it refuses comes back as `{ code, message }`. */
export async function attempt(token, verb, wanted, input) {
  const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}Input`;
  const mutation = `mutation ($input: ${type}!) { ${verb}(input: $input) { ... on ${wanted} ... on Refusal { code message } } }`;
  return (await ask(mutation, { input }, token))[verb];
}

export const must = (result) => (result.message ? stop(`${result.code}: ${result.message}`) : result);
export const done = async (...call) => must(await attempt(...call));

/** A verb whose arguments are ids, written out. */
export async function doneSo(token, call, wanted) {
  const data = await ask(
    `mutation { ${call} { ... on ${wanted} ... on Refusal { code message } } }`,
    {},
    token,
  );
  return must(Object.values(data)[0]);
}

export const now = () => new Date().toISOString();
