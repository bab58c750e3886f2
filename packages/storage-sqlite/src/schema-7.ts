/** To the seventh schema: events in the order of their positions, as messages are already. Positions only grow, so the index grows at its end. */
export const SCHEMA_7 = `
CREATE INDEX events_by_position ON events (position);
`;
