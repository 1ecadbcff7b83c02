"""Accepted deviations and accepted gaps in sight, with who accepted them and until when. Changes no verdict."""
