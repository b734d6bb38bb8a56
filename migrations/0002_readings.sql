-- One table a sensor kind; a quantity that was not sent is NULL, never zero.

CREATE TABLE impedance_reading (
  sensor_id           text NOT NULL,
  observed_at         timestamptz NOT NULL,
  received_at         timestamptz NOT NULL DEFAULT now(),
  resistance_ohm      double precision,
  reactance_ohm       double precision,
  leakage_milliampere double precision,
  load_ampere         double precision,
  UNIQUE (sensor_id, observed_at)
);

CREATE TABLE weather_reading (
  sensor_id                     text NOT NULL,
  observed_at                   timestamptz NOT NULL,
  received_at                   timestamptz NOT NULL DEFAULT now(),
  air_celsius                   double precision,
  humidity_percent              double precision,
  rain_millimetre_per_hour      double precision,
  wind_metre_per_second         double precision,
  solar_watt_per_square_metre   double precision,
  UNIQUE (sensor_id, observed_at)
);

-- What can never be stored as a reading, with its bytes, so that nothing a sensor sent is lost to us.
CREATE TABLE rejected_message (
  rejected_message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at         timestamptz NOT NULL DEFAULT now(),
  topic               text NOT NULL,
  payload             bytea NOT NULL,
  reason              text NOT NULL
);

CREATE INDEX rejected_message_received ON rejected_message (received_at DESC);
