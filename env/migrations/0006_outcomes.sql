-- What a shopper did with an item that a turn had shown: opened its card, saved it, put it into the bag, followed its
-- link. It goes with the turn.
CREATE TABLE outcomes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id  text NOT NULL,
    number      integer NOT NULL,
    sku         text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('open', 'save', 'cart', 'link')),
    created_at  timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (session_id, number) REFERENCES turns ON DELETE CASCADE
);
CREATE INDEX outcomes_of_turn ON outcomes (session_id, number);
