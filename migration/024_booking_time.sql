-- A calendar asks for the bookings of its week.
CREATE INDEX booking_starts ON booking (account_id, starts_at) WHERE starts_at IS NOT NULL;
