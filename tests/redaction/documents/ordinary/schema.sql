CREATE TABLE users (
  id BIGSERIAL PRIMARY KEY,
  email VARCHAR(255) NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  first_name TEXT,
  last_name TEXT DEFAULT '',
  phone VARCHAR(32),
  status VARCHAR(16) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'blocked')),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX users_last_name_idx ON users (last_name, first_name);
COMMENT ON COLUMN users.email IS 'Where invoices go';
INSERT INTO plans (id, name, price_cents, currency) VALUES (1, 'Basic Plan', 990, 'EUR'), (2, 'Gold Plan', 1990, 'EUR');
INSERT INTO airports (code, name, city) VALUES ('SFO', 'San Francisco International', 'San Francisco');
UPDATE orders SET status = 'shipped', shipped_at = now() WHERE id = $1 AND user_id = $2 AND email = ?;
SELECT u.id, u.email, count(*) FROM users u JOIN orders o ON o.user_id = u.id WHERE u.email = :email GROUP BY 1, 2;
ALTER ROLE app PASSWORD NULL;
