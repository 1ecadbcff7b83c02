"""The read operations of the services that keep data, and the rows they list. Changes nothing."""
