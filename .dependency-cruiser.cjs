// Who may import whom: architecture as a check (`npm run borders`, part of `npm run check`).

// Downhill order: a room may call only rooms that stand before it. The same list is the contents page in
// src/README.md and the import order in src/app.module.ts; test/tidy.spec.ts keeps the three the same. Rooms that are
// not built yet keep their place.
const downhill = [
  'audit',
  'auth',
  'calendar',
  'patients',
  'records',
  'documents',
  'referrals',
  'consent',
  'scheduling',
  'visits',
  'enquiries',
  'entitlements',
  'vetting',
  'radiopharmacy',
  'checks',
  'gates',
  'imaging',
  'administrations',
  'reports',
  'incidents',
  'outcomes',
  'treatments',
  'responses',
  'notes',
  'meetings',
  'decisions',
  'notifications',
];

const SPEC = '[.]spec[.]ts$';
const GENERATED = '^src/platform/database/generated/';
const ENUMS = `${GENERATED}enums[.]ts$`;

/** Packages that compute and do nothing else: no network, no disk, no clock. Rules may use these and no other. */
const PURE_PACKAGES = '^node_modules/(libphonenumber-js|date-holidays)/';

/** Where an import of an npm package ends up. */
const npm = (...names) => `^node_modules/(@types/)?(${names.join('|')})/`;

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** `what` is for `who` alone. Specs may look at anything. */
const only = (name, comment, who, what) =>
  rule(name, comment, { path: '^src/', pathNot: [].concat(who, SPEC) }, { path: what });

const downhillOnly = downhill
  .slice(0, -1)
  .map((room, place) =>
    rule(
      `${room}-calls-downhill-only`,
      `${room} may call only the rooms before it. To tell a later room, post to the outbox.`,
      { path: `^src/clinic/${room}/` },
      { path: `^src/clinic/(${downhill.slice(place + 1).join('|')})/` },
    ),
  );

const rooms = [
  ...downhillOnly,
  rule(
    'neighbours-use-the-front-door',
    'Another room is entered through its service, type, refusals or module file.',
    { path: '^src/clinic/([^/]+)/' },
    { path: '^src/clinic/', pathNot: ['^src/clinic/$1/', '[.](service|type|refusals|module)[.]ts$'] },
  ),
  rule(
    'doors-call-their-own-room',
    "A resolver or a job calls its own service. Crossing rooms is the service's decision.",
    { path: '^src/clinic/([^/]+)/.+[.](resolver|controller|jobs|dicom)[.]ts$' },
    { path: '^src/clinic/.+[.](service|queries|rules|resolver)[.]ts$', pathNot: '^src/clinic/$1/' },
  ),
  rule(
    'doors-do-not-touch-the-database',
    'If a resolver needs a row, its service needs a verb.',
    { path: '^src/clinic/.+[.](resolver|controller|jobs|dicom)[.]ts$' },
    { path: ['^src/platform/database/', npm('pg', '@prisma/client')], pathNot: ENUMS },
  ),
  rule(
    'services-know-no-door',
    'A service is the same whoever calls it: no GraphQL decorators, and no resolver, job or scanner door.',
    { path: '^src/clinic/.+[.](service|queries|rules)[.]ts$' },
    {
      path: [
        npm('@nestjs/graphql', '@nestjs/mercurius', 'mercurius'),
        '^src/clinic/.+[.](resolver|controller|jobs)[.]ts$',
      ],
    },
  ),
  rule(
    'rules-are-pure',
    'Rules decide; they do not fetch, save, sleep or ask the time.',
    { path: '^src/clinic/([^/]+)/.+[.]rules[.]ts$' },
    {
      pathNot: [
        '^src/clinic/$1/.+[.](rules|refusals)[.]ts$',
        '^src/platform/(refusal|time)/',
        ENUMS,
        PURE_PACKAGES,
      ],
    },
  ),
  rule(
    'queries-are-text',
    'A queries file holds SQL, and the shape of its parameters and rows. Whoever runs it is a service.',
    { path: '^src/clinic/([^/]+)/.+[.]queries[.]ts$' },
    { pathNot: ['^src/clinic/$1/.+[.](type|queries|rules)[.]ts$', '^src/platform/time/', GENERATED] },
  ),
  rule(
    'modules-only-wire',
    "A module names its own room's parts and other rooms' modules.",
    { path: '^src/clinic/([^/]+)/[^/]+[.]module[.]ts$' },
    { path: '^src/clinic/', pathNot: ['^src/clinic/$1/', '[.]module[.]ts$'] },
  ),
];

const shelves = [
  rule(
    'platform-knows-no-clinic',
    'Plumbing would fit any building.',
    { path: '^src/platform/' },
    { path: '^src/(clinic|dicom)/' },
  ),
  rule(
    'dicom-knows-no-one',
    'The protocol library could be published tomorrow: itself, Node, a dictionary and character sets.',
    { path: '^src/dicom/', pathNot: SPEC },
    {
      pathNot: [
        '^src/dicom/',
        '^(node:)?(net|tls|buffer|timers|timers/promises|crypto)$',
        npm('iconv-lite', '@iwharris/dicom-data-dictionary'),
      ],
    },
  ),
  rule(
    'dicom-has-one-door',
    'Import src/dicom/index. If something is missing there, add it there.',
    { pathNot: '^src/dicom/' },
    { path: '^src/dicom/', pathNot: '^src/dicom/index[.]ts$' },
  ),
  rule(
    'bytes-do-not-look-up',
    'wire and dataset are the ground floor of the protocol, and do not know each other.',
    { path: '^src/dicom/(wire|dataset)/', pathNot: SPEC },
    { path: '^src/dicom/', pathNot: '^src/dicom/$1/' },
  ),
  rule(
    'messages-do-not-look-up',
    'dimse stands on wire and dataset.',
    { path: '^src/dicom/dimse/', pathNot: SPEC },
    { path: '^src/dicom/', pathNot: '^src/dicom/(wire|dataset|dimse)/' },
  ),
  rule(
    'associations-do-not-look-up',
    'association carries messages; it has not heard of the services.',
    { path: '^src/dicom/association/', pathNot: SPEC },
    { path: '^src/dicom/(services/|server|index)' },
  ),
  rule(
    'services-do-not-look-up',
    'A service is registered by the server, and does not know it.',
    { path: '^src/dicom/services/', pathNot: SPEC },
    { path: '^src/dicom/(server|requestor|index)' },
  ),
  rule(
    'code-never-imports-tests',
    'What tests share lives in test/support.',
    { path: '^src/', pathNot: SPEC },
    { path: ['^test/', SPEC] },
  ),
];

const owners = [
  only(
    'only-imaging-speaks-dicom',
    'Only *.dicom.ts holds both languages.',
    ['^src/clinic/imaging/.+[.]dicom[.]ts$', '^src/dicom/'],
    '^src/dicom/',
  ),
  only(
    'one-file-owns-the-socket',
    'Protocol logic is tested without a network. (process.ts only asks for a free port, client-address.ts only reads addresses, clamd.ts speaks to the virus scanner.)',
    [
      // The listener and TLS hand sockets on; only connection.ts and requestor.ts read and write them.
      '^src/dicom/(server|listening|requestor|association/(connection|roster|secure-transport))[.]ts$',
      '^src/platform/database/embedded/process[.]ts$',
      '^src/platform/http/client-address[.]ts$',
      '^src/platform/virus-scan/clamd[.]ts$',
    ],
    '^(node:)?(net|tls)$',
  ),
  only('one-room-sends-mail', 'Everyone else posts to the outbox.', '^src/platform/mail/', npm('nodemailer')),
  only(
    'the-queue-stays-in-its-room',
    'Jobs are a door, not a library.',
    '^src/platform/(queue|outbox)/',
    npm('bullmq', 'ioredis'),
  ),
  only(
    'one-room-opens-connections',
    'Everyone else has Database. (outbox listens, the queue brings its own pool.)',
    '^src/platform/(database|outbox|queue)/',
    npm('pg', '@prisma/adapter-pg', '@prisma/schema-engine-wasm'),
  ),
  only(
    'one-room-knows-the-time',
    'Temporal and the Clock come from platform/time.',
    '^src/platform/time/',
    npm('temporal-polyfill'),
  ),
  only('one-room-hashes-passwords', 'Nobody else sees one.', '^src/clinic/auth/', npm('@node-rs/argon2')),
  only(
    'the-generated-client-stays-inside',
    'Import client.ts (rows) or enums.ts.',
    ['^src/platform/database/'],
    `${GENERATED}(?!client[.]ts$|enums[.]ts$)`,
  ),
];

const hygiene = [
  rule(
    'no-circular',
    'Two files that need each other are one file, or are missing a third.',
    { pathNot: GENERATED },
    { circular: true },
  ),
  rule(
    'no-orphans',
    'Nobody imports it, and it imports nobody: delete it, or wire it.',
    { orphan: true, pathNot: ['[.]d[.]ts$', GENERATED, SPEC] },
    {},
  ),
  rule(
    'no-unlisted-packages',
    'What is imported stands in package.json: npm may put a package of a package elsewhere tomorrow.',
    { path: '^src/', pathNot: GENERATED },
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  rule(
    'no-development-packages',
    'The image holds no devDependencies.',
    { path: '^src/', pathNot: SPEC },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
  ),
  rule(
    'everything-resolves',
    'An import of a file that is not there.',
    { path: '^src/' },
    { couldNotResolve: true },
  ),
];

module.exports = {
  forbidden: [...rooms, ...shelves, ...owners, ...hygiene],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types count: a type that crosses a border is a border crossed.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // ESM says `./x.js` where the file is `x.ts`.
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
