import { Global, Module } from '@nestjs/common';
import { Config } from '../config/index.js';
import { Clamd } from './clamd.js';
import { VirusScanner } from './virus-scanner.js';

/** Injected where there may be no scanner: `@Inject(VIRUS_SCANNER) scanner: VirusScanner | null`. */
export const VIRUS_SCANNER = Symbol('virus scanner');

const scanner = {
  provide: VIRUS_SCANNER,
  useFactory: ({ clamdUrl }: Config): VirusScanner | null =>
    clamdUrl === undefined ? null : new Clamd(clamdUrl),
  inject: [Config],
};

@Global()
@Module({ providers: [scanner], exports: [VIRUS_SCANNER] })
export class VirusScanModule {}
