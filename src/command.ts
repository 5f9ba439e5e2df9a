import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { AuditChainService } from './clinic/audit/audit-chain.service.js';
import { AddStaffAccountInput } from './clinic/auth/session.type.js';
import { StaffService } from './clinic/auth/staff.service.js';
import { Config, loadConfig, StartupError } from './platform/config/index.js';
import { visitEmbeddedPostgres } from './platform/database/embedded/visit.js';
import { Role } from './platform/database/generated/enums.js';
import { migrate } from './platform/database/migrate.js';
import { InputPipe } from './platform/graphql/input.pipe.js';
import { Fault, isRefusal } from './platform/refusal/refusal.js';
import { SETUP_ACTOR } from './reference-data.js';

// Commands for the person who looks after the installation. They work beside a running Facet and without one.
//   npm run audit:verify
//   npm run staff:add -- --email ada@clinic.example --name "Ada Northcote" --role ADMIN < password-file

type Rooms = Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;

const BROKEN = {
  POSITION_MISSING: 'a link before it is missing',
  PREVIOUS_HASH_DIFFERS: 'it does not follow from the link before it',
  ENTRY_MISSING: 'its entry is gone',
  ENTRY_CHANGED: 'its entry was changed after it was written',
} as const;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Walks the audit chain. Exit code 0: whole; 1: broken, and where. */
async function verifyAudit(rooms: Rooms): Promise<number> {
  const { linksChecked, headHash, broken, entryWithoutLink } = await rooms.get(AuditChainService).verify();
  if (broken !== null) {
    say(`BROKEN at link ${broken.position}, entry ${broken.entryId}: ${BROKEN[broken.reason]}.`);
    say(`${linksChecked} links before it hold.`);
    return 1;
  }
  if (entryWithoutLink !== null) {
    say(`BROKEN: entry ${entryWithoutLink} is in no link: it was written around the chain.`);
    return 1;
  }
  say(`The audit chain holds: ${linksChecked} links. Head ${headHash}`);
  say('Keep the head somewhere else: it proves later that nothing was cut off the end.');
  return 0;
}

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) say('Password (at least 12 characters, then Enter):');
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0] ?? '';
}

function readOptions(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        email: { type: 'string' },
        name: { type: 'string' },
        role: { type: 'string', multiple: true },
      },
    }).values;
  } catch (error) {
    const problem = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new StartupError(`${problem}. Say --email, --name and --role, such as --role ADMIN.`);
  }
}

/** Adds a member of staff: the way to the first administrator of a database that is not the demo's. */
async function addStaff(rooms: Rooms, args: string[]): Promise<number> {
  const values = readOptions(args);
  const input = {
    email: values.email ?? '',
    displayName: values.name ?? '',
    roles: (values.role ?? []).map((role) => role.toUpperCase()),
    password: await readPassword(),
  };
  const unknown = input.roles.filter((role) => !Object.hasOwn(Role, role));
  if (unknown.length > 0) throw new StartupError(`--role must be one of ${Object.keys(Role).join(', ')}.`);
  const checked = await new InputPipe().transform(input, { type: 'body', metatype: AddStaffAccountInput });
  if (!(checked instanceof AddStaffAccountInput)) throw new TypeError('the pipe makes an input of its class');
  const account = await rooms.get(StaffService).addStaffAccount(SETUP_ACTOR, checked);
  say(isRefusal(account) ? account.message : `Added ${account.email} (${account.roles.join(', ')}).`);
  return isRefusal(account) ? 1 : 0;
}

const COMMANDS: Readonly<Record<string, (rooms: Rooms, args: string[]) => Promise<number>>> = {
  'audit-verify': verifyAudit,
  'staff-add': addStaff,
};

async function main([name = '', ...args]: string[]): Promise<number> {
  const command = COMMANDS[name];
  if (command === undefined) throw new StartupError(`Say one of ${Object.keys(COMMANDS).join(', ')}.`);
  const config = loadConfig();
  const embedded = config.databaseUrl === undefined ? await visitEmbeddedPostgres(config.home, say) : null;
  const databaseUrl = embedded?.url ?? config.databaseUrl ?? '';
  try {
    await migrate(databaseUrl);
    // No doors and no worker: the rooms only.
    const quiet = Object.freeze(Object.assign(new Config(), config, { roles: new Set() }));
    const rooms = await NestFactory.createApplicationContext(
      AppModule.with({ config: quiet, databaseUrl, schemaFile: true }),
      { logger: false, abortOnError: false },
    );
    try {
      return await command(rooms, args);
    } finally {
      await rooms.close();
    }
  } finally {
    await embedded?.stop();
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isExpected = error instanceof StartupError || error instanceof Fault;
    process.stderr.write(`${isExpected ? error.message : error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  },
);
