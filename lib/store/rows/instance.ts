/** Rows beside the sandboxes: plans, reports, classes and leases. */

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
