import { Module } from '@nestjs/common';
import { PublicController } from './public.controller.js';
import { PublicDoors } from './public-doors.js';

/** For the rooms that answer people who are not signed in. */
@Module({ controllers: [PublicController], providers: [PublicDoors], exports: [PublicDoors] })
export class PublicDoorsModule {}
