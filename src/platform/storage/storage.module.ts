import { join } from 'node:path';
import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/index.js';
import { DiskStorage } from './disk.storage.js';
import { keyInFile } from './key-file.js';
import { KeyRing } from './key-ring.js';
import { ObjectStorage } from './object-storage.js';
import { S3Storage } from './s3.storage.js';

/** In FACET_HOME, unless the settings say otherwise. */
export const DOCUMENTS_FOLDER = 'documents';
export const KEY_FILE = 'documents.key';

function storageOf(config: Config): ObjectStorage {
  const { s3Endpoint, s3Bucket, s3Region, s3AccessKeyId, s3SecretAccessKey } = config;
  if (!s3Endpoint || !s3Bucket || !s3AccessKeyId || !s3SecretAccessKey)
    return new DiskStorage(config.documentsFolder ?? join(config.home, DOCUMENTS_FOLDER));
  return new S3Storage({
    endpoint: s3Endpoint,
    bucket: s3Bucket,
    region: s3Region,
    accessKeyId: s3AccessKeyId,
    secretAccessKey: s3SecretAccessKey,
  });
}

function keyRingOf(config: Config): KeyRing {
  if (config.documentsKeys.length > 0) return new KeyRing(() => config.documentsKeys);
  const log = new Logger('documents');
  return new KeyRing(() => keyInFile(join(config.home, KEY_FILE), (line) => log.warn(line)));
}

const storage = { provide: ObjectStorage, useFactory: storageOf, inject: [Config] };
const keyRing = { provide: KeyRing, useFactory: keyRingOf, inject: [Config] };

/** Where contents lie, and the keys they are sealed with. */
@Global()
@Module({ providers: [storage, keyRing], exports: [ObjectStorage, KeyRing] })
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(ObjectStorage) private readonly storage: ObjectStorage) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.storage instanceof S3Storage) await this.storage.close();
  }
}
