"""What keeps a dashboard from being verified at all."""


class VerifyProblem(Exception):
    """A sentence for who asked: what is wrong with the question, and what to do about it."""
