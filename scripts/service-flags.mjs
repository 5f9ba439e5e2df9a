// How the service's process is started, by npm start, in the image (docker/Dockerfile says the same) and by the bench.
export const SERVICE_FLAGS = [
  '--enable-source-maps',
  // The query compiler of the database client is WebAssembly: translating it twice, the second time for speed, costs
  // 75 MB and gains nothing that was measured.
  '--liftoff-only',
  // Memory is collected in small portions and soon, and not when it has doubled: half the memory for a tenth more work.
  '--max-semi-space-size=2',
  '--heap-growing-percent=20',
  // Prisma reads the relations of a row side by side on one connection, which pg 8 puts in line and warns about:
  // nothing that the person at this terminal can act on.
  '--disable-warning=DeprecationWarning',
];
