// npm run bench:dicom: Facet's worklist beside DCMTK's wlmscpfs and Orthanc's, measured in one run (docs/dicom-speed.md).
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from './compile.mjs';
import { main, ROOT, SetupError, say, setUp } from './setup.mjs';
import { runQuietly, withoutStartingServices } from './test-tools.mjs';

const PEERS = [
  '/usr/bin/wlmscpfs',
  '/usr/sbin/Orthanc',
  '/usr/share/orthanc/plugins/libModalityWorklists.so',
];
const COMMAND = 'apt-get install -y --no-install-recommends dcmtk orthanc';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function ensurePeers() {
  if (PEERS.every((path) => existsSync(path))) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new SetupError(
      `The bench measures against DCMTK and Orthanc. As root on Debian or Ubuntu: ${COMMAND}. ` +
        'Without them: npm run bench:dicom -- --only facet',
    );
  }
  say(`Installing what Facet is measured against, without starting it: ${COMMAND}`);
  withoutStartingServices(() => {
    runQuietly('apt-get', ['update', '-q']);
    runQuietly('apt-get', COMMAND.split(' ').slice(1));
  });
}

await main(async () => {
  const args = process.argv.slice(2);
  await setUp();
  if (!args.join('=').includes('only=facet')) ensurePeers();
  const folder = await compile('test/bench');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { bench, cleanUp } = await import(pathToFileURL(join(folder, 'test', 'bench', 'main.js')).href);
  let stopping = null;
  const stop = async () => {
    say('\nStopping …');
    await cleanUp();
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  for (const name of SIGNALS) {
    process.on(name, () => {
      stopping ??= stop();
    });
  }
  try {
    return await bench(args, { root: ROOT, version, say });
  } catch (error) {
    // What was being measured has just been stopped: that is no news.
    if (stopping === null) throw error;
    await stopping;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
