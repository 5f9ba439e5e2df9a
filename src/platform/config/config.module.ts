import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Config } from './config.js';

/** Hands the one frozen Config to whoever asks for it by its class. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest wants a class to hang a dynamic module on
export class ConfigModule {
  static with(config: Config): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: Config, useValue: config }], exports: [Config] };
  }
}
