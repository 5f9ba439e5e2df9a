export { VIRUS_SCANNER, VirusScanModule } from './virus-scan.module.js';
export { ScannerUnavailable, type Verdict, VirusScanner } from './virus-scanner.js';
