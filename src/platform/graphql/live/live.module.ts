import { Module } from '@nestjs/common';
import { LiveDoor } from './live.door.js';

/** For the rooms that have something to listen to. */
@Module({ providers: [LiveDoor] })
export class LiveModule {}
