import type { Storage, StoredMessage, StoredSession } from '@pocketping/core';

/** A storage of somebody's own with every method there is. It keeps texts, as most databases would, and outlives engines. */
export class Notebook implements Storage {
  readonly sessions = new Map<string, string>();
  readonly messages = new Map<string, Map<string, string>>();

  async createSession(session: StoredSession): Promise<void> {
    this.sessions.set(session.id, JSON.stringify(session));
  }

  async updateSession(session: StoredSession): Promise<void> {
    this.sessions.set(session.id, JSON.stringify(session));
  }

  async getSession(id: string): Promise<object | null> {
    const text = this.sessions.get(id);
    return text === undefined ? null : JSON.parse(text);
  }

  async getSessions(): Promise<object[]> {
    return [...this.sessions.values()].map((text) => JSON.parse(text));
  }

  async saveMessage(sessionId: string, message: StoredMessage): Promise<void> {
    const ofSession = this.messages.get(sessionId) ?? new Map<string, string>();
    this.messages.set(sessionId, ofSession.set(message.id, JSON.stringify(message)));
  }

  async saveNote(sessionId: string, note: StoredMessage): Promise<void> {
    await this.saveMessage(sessionId, note);
  }

  async updateMessage(sessionId: string, message: StoredMessage): Promise<void> {
    await this.saveMessage(sessionId, message);
  }

  async getMessages(sessionId: string): Promise<object[]> {
    return [...(this.messages.get(sessionId)?.values() ?? [])].map((text) => JSON.parse(text));
  }
}
