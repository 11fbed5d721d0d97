/** Rows beside the sandboxes: plans, reports, classes, and what instances tell each other. */

export interface ClassRow {
  id: string;
  control_token_hash: string;
  address_hash: string;
  data: string;
  created_at: number;
  expires_at: number;
  version: number;
}

export interface ClassMemberRow {
  class_id: string;
  member_hash: string;
  data: string;
  joined_at: number;
  seen_at: number;
}

export interface LeaseRow {
  name: string;
  holder: string;
  until: number;
}

export interface ReportRow {
  id: string;
  sandbox_id: string;
  address_hash: string;
  control_token_hash: string | null;
  delete_token_hash: string;
  data: string;
  bytes: number;
  created_at: number;
  expires_at: number;
  read_at: number;
}

export interface PlanRow {
  id: string;
  control_token_hash: string;
  data: string;
  created_at: number;
  expires_at: number;
  version: number;
}

/** How much there was in a span of time that begins at `at`; null: nobody has measured it. */
export interface SampleRow {
  at: number;
  requests: number;
  refused: number;
  sandboxes: number | null;
  bytes: number | null;
  volume_used: number | null;
}

/** A process that answers requests over this database. */
export interface ProcessRow {
  id: string;
  instance: string;
  seen_at: number;
  figures: string;
}
