export { Config, LOG_LEVELS, type LogLevel, readConfig } from './config.js';
export { ConfigModule } from './config.module.js';
export { type DicomTls, loadDicomTls } from './dicom-tls.js';
export { type DocumentSettings, keepsDocuments, type UnscannedWay } from './document-settings.js';
export { loadConfig } from './environment.js';
export { maskUrl } from './mask-url.js';
export { ALL_ROLES, type Environment, KEY_BYTES, type NamedKey, type Role } from './parse.js';
export { SecondFactorRule } from './signing-settings.js';
export { ConfigError, StartupError } from './startup.error.js';
