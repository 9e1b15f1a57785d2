// SPDX-License-Identifier: GPL-3.0-or-later
// Work on a thread whose result comes back as an event of its own.
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QThreadPool>

#include <utility>

namespace preflab {

/// Runs `work()` in `pool`, and then `take(result)` on the thread of `context`, always in a later turn of its event loop.
/// (QFuture::then calls at once when the work is done already, in the middle of whoever asked.) `context` must wait for
/// the pool before it is destroyed; what comes after that is dropped.
template <class Work, class Take>
void runInBackground(QThreadPool& pool, QObject* context, Work work, Take take)
{
    pool.start([context, work = std::move(work), take = std::move(take)]() mutable {
        auto result = work();
        auto deliver = [take = std::move(take), result = std::move(result)]() mutable { take(std::move(result)); };
        QMetaObject::invokeMethod(context, std::move(deliver), Qt::QueuedConnection);
    });
}

}  // namespace preflab
