"""The report in every format: each module renders one `Report` into bytes. Computes no count and judges nothing."""
